import type { PeerInputs } from '@alt-las/runner'

/** Of build-push-action and setup-buildx-action. */
export const peerInputs: PeerInputs = {
  push: 'use push-image after scan-trivy: it pushes the very bytes that were scanned',
  load: 'remove it; the output oci-layout is the image on disk, and test-target runs tests in the build',
  tags: 'use tags of push-image; an image gets its tags after the scan',
  outputs: 'remove it; the image is always an OCI layout, named by the output oci-layout',
  attests: 'remove it; use sbom and provenance of push-image, which attach them to the pushed digest',
  allow: 'remove it; builds run without extra entitlements such as security.insecure',
  ssh: 'use secrets or secret-files, mounted by RUN --mount=type=secret',
  call: 'remove it; practice checks the built image',
  'cgroup-parent': 'set it at the builder, in setup-buildx-action',
  driver: 'set it in setup-buildx-action',
}
