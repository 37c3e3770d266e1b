import { Failure } from '@alt-las/failure'
import {
  type At,
  type Cluster,
  type JsonPatch,
  type Lease,
  type Limit,
  isUnclear,
  compareAndSwap,
  sameVersion,
} from '@alt-las/kubernetes'
import { type Clock, formatDuration } from '@alt-las/time'
import { manager, stateName } from '../model/names.ts'

/** The right to act on a target. */
export interface Holding {
  /** Renews in time; throws Failure `lease-lost` if another runner has taken over. */
  keep(): Promise<void>
  /** How long this run may still write, in ms: until then no other run can have taken over, however late a renewal arrives. */
  leftMs(): number
  /** Lets the next runner start at once. Never throws: an unreleased lease expires by itself. */
  release(): Promise<void>
}

/** One write while the target is held. A run that slept past its time asks the lease first, and writes if it is still its own. */
export async function whileHeld<T>(
  holding: Pick<Holding, 'keep' | 'leftMs'>,
  write: (limit: Limit) => Promise<T>,
): Promise<T> {
  try {
    return await write(holding)
  } catch (error) {
    if (!(error instanceof Failure) || error.code !== 'too-late') throw error
    await holding.keep()
    return write(holding)
  }
}

export interface LeasePorts {
  readonly cluster: Pick<Cluster, 'get' | 'apply' | 'patch'>
  readonly clock: Clock
  readonly log: (line: string) => void
}

export const leaseMs = 30_000
const renewMs = 8000

/** Margin between the last write of one holder and the first of the next: more than the drift between two clocks. */
const marginMs = 5000
const pollMs = 2000

/**
 * Takes the lease of a target. A lease of another holder is taken over when it was not renewed for its whole duration by our own
 * monotonic clock: clocks of two machines are never compared. Throws Failure `held` as soon as the other holder renews it.
 */
export async function hold(
  target: { readonly namespace: string; readonly deployment: string; readonly holder: string },
  ports: LeasePorts,
): Promise<Holding> {
  const { cluster, clock } = ports
  const { holder } = target
  const at = leaseAt(target)
  let lease = await waitForTurn(at, holder, ports)
  // The time counts from before the request: the server may have stored it at once and answered late.
  let renewed = clock.elapsed()
  lease = await take(at, lease, holder, ports)
  return {
    keep: async () => {
      const begun = clock.elapsed()
      if (begun - renewed < renewMs) return
      lease = await renew(at, lease, holder, ports)
      renewed = begun
    },
    leftMs: () => leaseMs - marginMs - (clock.elapsed() - renewed),
    release: async () => {
      const free: JsonPatch[] = [sameVersion(lease), { op: 'add', path: '/spec/holderIdentity', value: '' }]
      await cluster.patch(at, free).catch(() => undefined)
    },
  }
}

async function waitForTurn(at: At, holder: string, { cluster, clock, log }: LeasePorts): Promise<Lease> {
  const seen = await readOrCreate(at, cluster)
  const other = seen.spec?.holderIdentity ?? ''
  if (other === '' || other === holder) return seen
  const expiry = (seen.spec?.leaseDurationSeconds ?? leaseMs / 1000) * 1000
  log(`held by ${other}; taken over in ${formatDuration(expiry)} unless it is renewed`)
  const begun = clock.elapsed()
  while (clock.elapsed() - begun < expiry) {
    await clock.sleep(pollMs)
    const now = await readOrCreate(at, cluster)
    if ((now.spec?.holderIdentity ?? '') === '') return now
    if (now.metadata.resourceVersion !== seen.metadata.resourceVersion)
      throw new Failure(
        'held',
        `another run is acting on this target: ${now.spec?.holderIdentity ?? other}`,
        {
          fault: 'outside',
          hint: 'wait for it, or cancel it; the state is safe either way',
        },
      )
  }
  return seen
}

/** Applied without a holder: creating it gives no run the lease, and applying it to an existing one changes no holder. */
async function readOrCreate(at: At, cluster: LeasePorts['cluster']): Promise<Lease> {
  const { name = '', namespace = '' } = at
  const empty: Lease = { apiVersion: at.apiVersion, kind: at.kind, metadata: { name, namespace } }
  return (await cluster.get<Lease>(at)) ?? (await cluster.apply(empty, manager))
}

async function take(at: At, lease: Lease, holder: string, { cluster, clock }: LeasePorts): Promise<Lease> {
  const now = new Date(clock.now()).toISOString().replace('Z', '000Z')
  const { leaseTransitions = 0, acquireTime = now, holderIdentity } = lease.spec ?? {}
  const changed = holderIdentity !== holder
  const operations: JsonPatch[] = [
    sameVersion(lease),
    {
      op: 'add',
      path: '/spec',
      value: {
        holderIdentity: holder,
        leaseDurationSeconds: leaseMs / 1000,
        acquireTime: changed ? now : acquireTime,
        renewTime: now,
        leaseTransitions: leaseTransitions + (changed ? 1 : 0),
      },
    },
  ]
  return compareAndSwap<Lease>(at, operations, cluster)
}

/** If a renewal got no answer, or another run wrote, the lease itself names the holder. */
async function renew(at: At, lease: Lease, holder: string, ports: LeasePorts): Promise<Lease> {
  try {
    return await take(at, lease, holder, ports)
  } catch (error) {
    if (!isUnclear(error)) throw error
    const now = await ports.cluster.get<Lease>(at)
    const other = now?.spec?.holderIdentity ?? ''
    if (now !== null && other === holder) return take(at, now, holder, ports)
    throw new Failure(
      'lease-lost',
      `the target is now held by ${other || 'no run'}: this run stops writing`,
      {
        fault: 'outside',
        cause: error,
      },
    )
  }
}

const leaseAt = ({ namespace, deployment }: { namespace: string; deployment: string }): At => ({
  apiVersion: 'coordination.k8s.io/v1',
  kind: 'Lease',
  namespace,
  name: stateName(deployment),
})
