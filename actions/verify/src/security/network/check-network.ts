import { Failure, asFailure } from '@alt-las/failure'
import type { Workload } from '@alt-las/kubernetes'
import { no, yes, type Check, type Finding, type RunCheck } from '../../check.ts'
import { formatConnection, type Connection } from './connections.ts'
import { runProbe, sweepProbes, type ProbePorts } from './probe.ts'
import type { Attempted, ProbeAnswer } from './probe-script.ts'
import { lookUp, type ProbeTarget } from './probe-target.ts'

export interface NetworkPorts extends ProbePorts {
  readonly run: RunCheck
  /** Part of the probes' names; differs from run to run. */
  readonly unique: string
}

export interface NetworkPlan {
  readonly namespace: string
  readonly probeImage: string | null
  readonly allowedConnections: readonly Connection[]
  readonly deniedConnections: readonly Connection[]
}

export interface Trial {
  readonly connection: Connection
  readonly expect: 'open' | 'closed'
  readonly answer: ProbeAnswer
  /** A Failure where it could not be looked up. */
  readonly target: ProbeTarget | Failure
}

/** Tries every connection from inside: one probe for each workload that is named, and one that nobody knows. */
export async function checkNetwork(
  plan: NetworkPlan,
  workloads: readonly Workload[],
  ports: NetworkPorts,
): Promise<readonly Check[]> {
  const asked = [
    ...plan.allowedConnections.map((connection) => ({ connection, expect: 'open' as const })),
    ...plan.deniedConnections.map((connection) => ({ connection, expect: 'closed' as const })),
  ]
  if (asked.length === 0) return []
  await sweepProbes(plan.namespace, ports)
  const sources = [...Map.groupBy(asked, ({ connection }) => connection.from)]
  const checks = sources.map(([from, own], index) => {
    const trials = trySource({ from, asked: own, index }, { plan, workloads }, ports)
    return own.map(({ connection }, at) =>
      ports.run('security', `connection ${formatConnection(connection)}`, async () =>
        judgeTrial((await trials)[at]),
      ),
    )
  })
  return Promise.all(checks.flat())
}

/**
 * An allowed connection must stand. A denied one must not; its silence counts only where its target is alive, and the name is known.
 * Throws Failure `not-tried` where nothing can be said.
 */
export function judgeTrial(trial: Trial | undefined): Finding {
  if (trial === undefined) throw new Failure('not-tried', 'the probe gave no answer', { fault: 'ours' })
  const { expect, answer, target } = trial
  if (expect === 'closed' && target instanceof Failure) throw target
  const seen = `${answer.result} (${answer.detail}, ${String(answer.tries)} ${answer.tries === 1 ? 'try' : 'tries'})`
  if (expect === 'open')
    return answer.result === 'open' ? yes('open, as it must be') : no(`must be open, but is ${seen}`)
  if (answer.result === 'open') return no(`must be closed, but is open (${answer.detail})`)
  if (answer.result === 'no-name' || answer.result === 'error')
    throw new Failure('not-tried', `could not be tried: ${seen}`, { fault: 'outside' })
  if (!(target instanceof Failure) && target.ready === false)
    throw new Failure('not-tried', 'the target has no ready endpoint, so that its silence proves nothing', {
      fault: 'outside',
    })
  return yes(`closed, as it must be: ${seen}`)
}

interface Source {
  readonly from: string | null
  readonly asked: readonly Pick<Trial, 'connection' | 'expect'>[]
  readonly index: number
}

async function trySource(
  { from, asked, index }: Source,
  { plan, workloads }: { readonly plan: NetworkPlan; readonly workloads: readonly Workload[] },
  ports: NetworkPorts,
): Promise<readonly Trial[]> {
  const targets = await Promise.all(asked.map((one) => targetOf(one, plan.namespace, ports)))
  const attempts = asked.map(({ connection: { host, port }, expect }, at): Attempted => {
    const target = targets[at]
    const address = target === undefined || target instanceof Failure ? null : target.address
    return { host, port, expect, address }
  })
  const order = {
    name: `verify-probe-${ports.unique}-${String(index)}`,
    namespace: plan.namespace,
    image: plan.probeImage ?? '',
    labels: labelsOf(from, workloads),
    attempts,
  }
  const answers = await runProbe(order, ports)
  return asked.flatMap(({ connection, expect }, at): readonly Trial[] => {
    const answer = answers[at]
    const target = targets[at]
    return answer === undefined || target === undefined ? [] : [{ connection, expect, answer, target }]
  })
}

/** An open connection speaks for itself, by its name; a closed one needs a target of which it is known that it lives. */
async function targetOf(
  { connection, expect }: Pick<Trial, 'connection' | 'expect'>,
  namespace: string,
  { cluster }: NetworkPorts,
): Promise<ProbeTarget | Failure> {
  if (expect === 'open') return { address: null, ready: null }
  try {
    return await lookUp(connection.host, namespace, cluster)
  } catch (error) {
    return asFailure(error)
  }
}

function labelsOf(from: string | null, workloads: readonly Workload[]): Readonly<Record<string, string>> {
  if (from === null) return {}
  const found = workloads.find((one) => one.metadata.name === from)
  if (found === undefined)
    throw new Failure('no-workload', `the source ${from} is none of the verified workloads`, {
      fault: 'input',
      hint: 'name a workload in `allowed-connections` and `denied-connections` that is also verified',
    })
  return found.spec.template.metadata?.labels ?? {}
}
