import type { AccessReviews, Cluster, ConfigMap, Pod, Service, Workload } from '@alt-las/kubernetes'
import { yes, type Check, type CheckRunner } from '../check.ts'
import { findWorkloads, running, type Selection } from '../workloads.ts'
import { checkAccess } from './access/check-access.ts'
import { checkLogins } from './logins/check-logins.ts'
import { findLogins } from './logins/find-logins.ts'
import { checkNetwork, type NetworkPlan } from './network/check-network.ts'
import type { ProbePorts } from './network/probe.ts'
import { checkPods } from './pods/check-pods.ts'
import type { Waiver } from './pods/waivers.ts'
import type { SecuritySettings } from './policy/settings.ts'
import { judgeImages, type ImageReader } from './secrets/judge-images.ts'
import { judgeLogs } from './secrets/judge-logs.ts'
import { judgeMaps } from './secrets/judge-maps.ts'
import { checkTransport, type TransportPorts } from './transport/check-transport.ts'

export interface SecurityPlan {
  readonly selection: Selection
  /** null without a URL. `paths`: where its headers are read, best first. */
  readonly transport: {
    readonly url: URL
    readonly minCertificateDays: number
    readonly paths: readonly string[]
    readonly timeoutMs: number
  } | null
  readonly waivers: readonly Waiver[]
  readonly network: NetworkPlan
  /** Path of the security policy. */
  readonly policy: string | null
}

export interface SecurityPorts extends TransportPorts {
  readonly cluster: () => Cluster
  readonly access: () => AccessReviews
  readonly images: ImageReader
  readonly checks: CheckRunner
  /** Part of the probes' names; differs from run to run. */
  readonly unique: string
}

/** The URL as a client meets it, the rights of the pods, what they hold, and the network as tried from inside. */
export async function checkSecurity(
  plan: SecurityPlan,
  settings: SecuritySettings,
  ports: SecurityPorts,
): Promise<readonly Check[]> {
  const all = await Promise.all([
    plan.transport === null ? [] : checkTransport({ ...plan.transport, ...settings }, ports),
    checkInside(plan, settings, ports),
  ])
  return all.flat()
}

async function checkInside(
  plan: SecurityPlan,
  settings: SecuritySettings,
  ports: SecurityPorts,
): Promise<readonly Check[]> {
  const { namespace } = plan.selection
  const found = await ports.checks.need('security', 'workloads', async () => {
    const cluster = ports.cluster()
    const workloads = await findWorkloads(plan.selection, cluster)
    return { cluster, workloads: workloads.map((workload) => running(workload, cluster)) }
  })
  if (found.kind === 'failed') return [found.check]
  const { cluster, workloads } = found.value
  const pods = async () => (await Promise.all(workloads.map((one) => one.pods()))).flat()
  const inside = { ...ports, cluster }
  const all = await Promise.all([
    checkPods({ workloads, waivers: plan.waivers }, ports),
    checkSecrets({ namespace, pods, lines: settings.logLines }, inside),
    checkAccess({ namespace, pods }, settings, { ...inside, access: ports.access() }),
    checkFromInside(plan, { settings, workloads: workloads.map(({ workload }) => workload) }, inside),
  ])
  return all.flat()
}

interface SecretsPlan {
  readonly namespace: string
  readonly pods: () => Promise<readonly Pod[]>
  readonly lines: number
}

/** Where a secret can be read that is none any more: ConfigMaps, logs, images. The environment is one of the rules for pods. */
function checkSecrets(
  { namespace, pods, lines }: SecretsPlan,
  { cluster, checks, images }: Pick<SecurityPorts, 'checks' | 'images'> & { readonly cluster: Cluster },
): Promise<readonly Check[]> {
  return Promise.all([
    checks.run('security', 'no secret in a ConfigMap', async () =>
      judgeMaps(await cluster.list<ConfigMap>({ apiVersion: 'v1', kind: 'ConfigMap', namespace })),
    ),
    checks.run('security', 'no secret in a log', async () =>
      judgeLogs({ namespace, pods: await pods(), lines }, { cluster }),
    ),
    checks.run('security', 'no secret in an image', async () => judgeImages(await pods(), { images })),
    checks.run('security', 'images signed and scanned', () => {
      const because = 'signatures and scan attestations of the running images are not read yet'
      return { ...yes(`not checked: ${because}`), notChecked: [because] }
    }),
  ])
}

interface FromInside {
  readonly settings: SecuritySettings
  readonly workloads: readonly Workload[]
}

/** Connections and default passwords, tried by pods in the namespace. */
async function checkFromInside(
  { selection: { namespace }, network }: SecurityPlan,
  { settings, workloads }: FromInside,
  ports: ProbePorts & Pick<SecurityPorts, 'checks' | 'unique'>,
): Promise<readonly Check[]> {
  const inside = { namespace, workloads }
  const logins = await ports.checks.need('security', 'default passwords', async () => {
    const services = await ports.cluster.list<Service>({ apiVersion: 'v1', kind: 'Service', namespace })
    return findLogins({ workloads, services }, { ...settings, allowed: network.allowed })
  })
  const { probeImage } = network
  const all = await Promise.all([
    checkNetwork(network, inside, ports),
    logins.kind === 'failed'
      ? [logins.check]
      : checkLogins({ logins: logins.value, probeImage }, inside, ports),
  ])
  return all.flat()
}
