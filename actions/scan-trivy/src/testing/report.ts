/** Trivy 0.74.0's report of an image with one finding of each kind, shortened. */
export function trivyReport(imageId: string): string {
  return JSON.stringify({
    SchemaVersion: 2,
    Trivy: { Version: '0.74.0' },
    ArtifactName: '/tmp/own/0/linux-amd64',
    ArtifactType: 'container_image',
    Metadata: { OS: { Family: 'debian', Name: '12.5' }, ImageID: imageId },
    Results: [
      {
        Target: '/tmp/own/0/linux-amd64 (debian 12.5)',
        Class: 'os-pkgs',
        Type: 'debian',
        Packages: [{ ID: 'libc6@2.36-9' }, { ID: 'zlib1g@1:1.2.13' }],
        Vulnerabilities: [
          {
            VulnerabilityID: 'CVE-2099-0100',
            PkgName: 'libc6',
            InstalledVersion: '2.36-9',
            FixedVersion: '2.99-1',
            Status: 'fixed',
            PrimaryURL: 'https://avd.aquasec.com/nvd/cve-2099-0100',
            Title: 'fixture: glibc medium with a fix',
            Severity: 'MEDIUM',
          },
        ],
      },
      {
        Target: 'Node.js',
        Class: 'lang-pkgs',
        Type: 'node-pkg',
        Packages: [{ ID: 'lodash@4.17.20' }],
        Vulnerabilities: [
          {
            VulnerabilityID: 'CVE-2021-23337',
            PkgName: 'lodash',
            PkgPath: 'app/node_modules/lodash/package.json',
            InstalledVersion: '4.17.20',
            FixedVersion: '4.17.21',
            Status: 'fixed',
            PrimaryURL: 'https://avd.aquasec.com/nvd/cve-2021-23337',
            Title: 'nodejs-lodash: command injection via template',
            Severity: 'HIGH',
          },
        ],
        ExperimentalModifiedFindings: [
          {
            Type: 'vulnerability',
            Status: 'ignored',
            Source: '.trivyignore',
            Finding: { VulnerabilityID: 'CVE-2021-44906' },
          },
          {
            Type: 'vulnerability',
            Status: 'not_affected',
            Source: 'vex.json',
            Finding: { VulnerabilityID: 'CVE-2' },
          },
        ],
      },
      {
        Target: '/root/creds.txt',
        Class: 'secret',
        Secrets: [
          {
            RuleID: 'aws-access-key-id',
            Severity: 'CRITICAL',
            Title: 'AWS Access Key ID',
            StartLine: 1,
            Match: 'aws_access_key_id = ****',
            Code: { Lines: [{ Content: 'next_line_secret=hunter2' }] },
          },
        ],
      },
      {
        Target: 'app/main.tf',
        Class: 'config',
        Misconfigurations: [
          {
            ID: 'AWS-0086',
            Title: 'S3 is public',
            Severity: 'LOW',
            Status: 'FAIL',
            CauseMetadata: { StartLine: 7 },
          },
          { ID: 'AWS-0087', Title: 'fine', Severity: 'HIGH', Status: 'PASS' },
        ],
      },
    ],
  })
}

/** A scan that found nothing: Trivy leaves Results out. */
export function cleanReport(imageId: string): string {
  return JSON.stringify({ SchemaVersion: 2, ArtifactName: 'x', Metadata: { ImageID: imageId } })
}

/** As Trivy converts a scan: one run, without a category. */
export const sarifReport = JSON.stringify({
  version: '2.1.0',
  runs: [{ tool: { driver: { name: 'Trivy', fullName: 'Trivy Vulnerability Scanner' } }, results: [] }],
})
