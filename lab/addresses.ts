/** Every address of the lab in one place. The cluster's own bridge carries the node address, so nothing depends on the host's network. */
export const addresses = {
  node: '172.31.255.1',
  nodeName: 'lab',
  apiPort: 6443,
  serviceRange: '10.96.0.0/16',
  apiService: '10.96.0.1',
  dns: '10.96.0.10',
  gateway: '10.96.0.80',
  podRange: '10.244.0.0/24',
  bridge: 'alt-las-node',
  podBridge: 'alt-las-pods',
  registry: '127.77.0.1',
  registryPort: 443,
  publicHost: 'alt-las.lab',
  /** As kubernetes/beta names it. */
  betaHost: 'beta.alt-las.example.com',
} as const

export const registryEndpoint = `${addresses.registry}:${addresses.registryPort}`

/** The registries that the lab stands in for; each host name leads to the one registry of the lab. */
export const mirroredHosts = ['ghcr.io', 'docker.io', 'gcr.io', 'registry.k8s.io'] as const

/** Where the parts listen. `address` '*' collides with a listener on any address. */
export const ports: readonly { readonly part: string; readonly address: string; readonly port: number }[] = [
  { part: 'etcd', address: '127.0.0.1', port: 2379 },
  { part: 'etcd', address: '127.0.0.1', port: 2380 },
  { part: 'kube-apiserver', address: '*', port: addresses.apiPort },
  { part: 'kubelet', address: '*', port: 10250 },
  { part: 'kubelet', address: '127.0.0.1', port: 10248 },
  { part: 'kube-proxy', address: '127.0.0.1', port: 10249 },
  { part: 'kube-proxy', address: '*', port: 10256 },
  { part: 'kube-controller-manager', address: '127.0.0.1', port: 10257 },
  { part: 'kube-scheduler', address: '127.0.0.1', port: 10259 },
  { part: 'registry', address: addresses.registry, port: addresses.registryPort },
]
