import type { PeerInputs } from '@alt-las/runner'

/** Of trivy-action, setup-trivy and Trivy's own flags. */
export const peerInputs: PeerInputs = {
  severity:
    'use fail-severity for what refuses (default CRITICAL,HIGH), and report-severity for what is shown',
  'exit-code':
    'findings of fail-severity refuse the image; use gate: report for a step that succeeds all the same',
  format: 'use formats, a list: sarif, json, cyclonedx, spdx-json, table',
  output: 'use the outputs sarif, json, sbom and table, which are the paths of the files',
  template: 'use formats, and make other formats from the output json',
  'scan-type': 'give input (layout), image-ref, scan-ref (directory) or sbom; the kind of the scan follows',
  'security-checks': 'use scanners',
  'hide-progress': 'remove it; the log never shows progress bars',
  'list-all-pkgs': 'remove it; the document always has all packages',
  'limit-severities-for-sarif': 'remove it; report-severity holds for every format',
  'docker-host': 'give image-ref, which is read from the registry, or input, a layout on disk',
  'skip-setup-trivy': 'remove it; a trivy of the input version on PATH is used',
  'trivy-config':
    'remove it; settings that change the verdict are inputs here, and files of the checkout have no effect',
  ignorefile: 'use trivyignores',
}
