import { Failure } from '@alt-las/failure'
import type { Service } from '@alt-las/kubernetes'
import { podHash, unpinned } from '@alt-las/routers'
import { trackLabel } from '../model/names.ts'
import type { Plan } from '../model/plan.ts'

/**
 * A Service like stable's that selects the canary's pods only: of this very version once its hash is known. All that says how requests reach the
 * pods is copied: ports with protocols and names, affinity, traffic distribution, annotations.
 */
export function canaryService(plan: Plan, stable: Service, hash: string | null): Service {
  const { selector = {}, ports = [] } = stable.spec
  if (Object.keys(selector).length === 0)
    throw new Failure('bad-service', `Service ${plan.service} has no selector`, {
      fault: 'input',
      hint: 'a canary needs a Service that selects the pods of its Deployment',
    })
  const pin = hash === null ? {} : { [podHash]: hash }
  const annotations = ownAnnotations(stable)
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: {
      name: plan.canaryService,
      namespace: plan.namespace,
      labels: { ...stable.metadata.labels, [trackLabel]: 'canary' },
      ...(Object.keys(annotations).length === 0 ? {} : { annotations }),
    },
    spec: {
      ...wayOf(stable.spec),
      selector: { ...unpinned(selector), [trackLabel]: 'canary', ...pin },
      ports: ports.map((port) => without(port, ['nodePort'])),
    },
  }
}

/** An address, a node port and a load balancer belong to one Service only; a headless one stays headless. */
function wayOf(spec: Service['spec']): Partial<Service['spec']> {
  const headless = spec.clusterIP === 'None' ? { clusterIP: 'None' } : {}
  return { ...without(spec, belongingToOne), ...headless }
}

const belongingToOne = [
  'selector',
  'ports',
  'type',
  'clusterIP',
  'clusterIPs',
  'externalIPs',
  'externalName',
  'externalTrafficPolicy',
  'healthCheckNodePort',
  'allocateLoadBalancerNodePorts',
  'loadBalancerIP',
  'loadBalancerClass',
  'loadBalancerSourceRanges',
]

/** DNS names, and marks of other tools on their objects, belong to stable's Service alone. */
const notCopied =
  /^(alt-las\.dev|kubectl\.kubernetes\.io|external-dns\.alpha\.kubernetes\.io|argocd\.argoproj\.io|meta\.helm\.sh|helm\.sh|(kustomize|helm)\.toolkit\.fluxcd\.io|endpoints\.kubernetes\.io)\//

const ownAnnotations = ({ metadata }: Service): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(metadata.annotations ?? {}).filter(([key]) => !notCopied.test(key)))

const without = <T extends object>(all: T, names: readonly string[]): T =>
  Object.fromEntries(Object.entries(all).filter(([name]) => !names.includes(name))) as T
