import type { PeerInputs } from '@alt-las/runner'

/** Of k8s-deploy. */
export const peerInputs: PeerInputs = {
  action: 'use operation: deploy, promote, abort, rollback or status',
  images: 'use image, by digest; targets for several services',
  imagepullsecrets: 'name them in the manifests (imagePullSecrets)',
  'pull-images': 'remove it; pods that cannot pull are named within seconds',
  percentage: 'use steps, such as 1%, 5%:2m, 25%, 50%',
  'traffic-split-method': 'use router: gateway-api, traefik, istio or replicas',
  'baseline-and-canary-replicas':
    'remove it; the canary gets as many pods as its traffic needs, compared with stable at the same time',
  'version-switch-buffer': 'use bake, and pause-at to wait for a person',
  'route-method': 'use route and router',
  'annotate-resources': 'remove it; the state of each target remembers its last ten releases',
  'annotate-namespace': 'remove it; the namespace is never written',
  'private-cluster': 'use a runner inside the network, with kubeconfig',
  'resource-group': 'use kubeconfig, made by the login action of the cloud',
  force: 'remove it; objects are applied by server-side apply, and dry-run shows what would change',
  'rollout-status-timeout': 'use ready-timeout',
}
