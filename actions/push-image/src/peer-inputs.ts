import type { PeerInputs } from '@alt-las/runner'

/** Of metadata-action, login-action and build-push-action. */
export const peerInputs: PeerInputs = {
  images: 'use image, one repository; call the action once for each',
  flavor:
    'use tags with type=semver: latest moves by itself to the highest stable version; type=raw takes any other tag',
  registry: 'put the host into image, such as ghcr.io/owner/name',
  logout: 'remove it; nothing is written to the docker configuration',
  context: 'use oci-layout, the output of build-image; this action does not build',
  push: 'remove it; this action pushes, unless operation is preflight or tag',
  labels: 'use labels of build-image: a label changes the digest, so it comes before the scan',
  annotations:
    'use annotations of build-image: an annotation changes the digest, so it comes before the scan',
  'sep-tags': 'remove it; the output tags has one tag per line',
}
