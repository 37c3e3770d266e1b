import { Failure, asFailure } from '@alt-las/failure'
import type { Workload } from '@alt-las/kubernetes'
import { no, shared, yes, type Check, type CheckRunner, type CheckFinding } from '../../check.ts'
import { formatConnection, type Connection } from './connections.ts'
import { runProbe, sweepProbes, type ProbePorts } from './probe.ts'
import type { Attempted, ProbeAnswer } from './probe-script.ts'
import { lookUp, type ProbeTarget } from './probe-target.ts'

export interface NetworkPorts extends ProbePorts {
  readonly checks: CheckRunner
  /** Part of the probes' names; differs from run to run. */
  readonly unique: string
}

export interface NetworkPlan {
  /** By digest. */
  readonly probeImage: string
  readonly allowed: readonly Connection[]
  readonly denied: readonly Connection[]
}

interface Inside {
  readonly namespace: string
  readonly workloads: readonly Workload[]
}

interface Asked {
  readonly connection: Connection
  readonly expect: 'open' | 'closed'
}

export interface Trial extends Asked {
  readonly answer: ProbeAnswer
  /** A Failure where it could not be looked up. */
  readonly target: ProbeTarget | Failure
}

/** Tries every connection from inside: one probe per source workload, and one without any workload's labels. */
export async function checkNetwork(
  plan: NetworkPlan,
  inside: Inside,
  ports: NetworkPorts,
): Promise<readonly Check[]> {
  const swept = await ports.checks.need('security', 'probes of earlier runs', () =>
    sweepProbes(inside.namespace, ports),
  )
  const asked = [
    ...plan.allowed.map((connection): Asked => ({ connection, expect: 'open' })),
    ...plan.denied.map((connection): Asked => ({ connection, expect: 'closed' })),
  ]
  const sources = [...Map.groupBy(asked, ({ connection }) => connection.from)]
  const checks = sources.flatMap(([from, own], index) => {
    const source = { from, asked: own, index, probeImage: plan.probeImage }
    const trials = shared(() => trySource(source, inside, ports))
    return own.map(({ connection }, at) =>
      ports.checks.run('security', `connection ${formatConnection(connection)}`, async () =>
        judgeTrial((await trials())[at]),
      ),
    )
  })
  return [...(swept.kind === 'failed' ? [swept.check] : []), ...(await Promise.all(checks))]
}

/**
 * An allowed connection must open. A denied one must not; its silence counts only where its name is known and its target has a ready
 * endpoint. Throws Failure `not-tried` where the answer proves nothing.
 */
export function judgeTrial(trial: Trial | undefined): CheckFinding {
  if (trial === undefined) throw new Failure('not-tried', 'the probe gave no answer', { fault: 'ours' })
  const { expect, answer, target } = trial
  if (expect === 'closed' && target instanceof Failure) throw target
  const seen = `${answer.result} (${answer.detail}, ${answer.tries} ${answer.tries === 1 ? 'try' : 'tries'})`
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
  /** null = a pod without any workload's labels. */
  readonly from: string | null
  readonly asked: readonly Asked[]
  readonly index: number
  readonly probeImage: string
}

/** In the order of `asked`; shorter where the probe gave fewer answers. */
async function trySource(
  { from, asked, index, probeImage: image }: Source,
  { namespace, workloads }: Inside,
  ports: NetworkPorts,
): Promise<readonly Trial[]> {
  const targeted = await Promise.all(
    asked.map(async (one) => ({ ...one, target: await targetOf(one, namespace, ports) })),
  )
  const attempts = targeted.map(({ connection: { host, port }, expect, target }): Attempted => {
    return { host, port, expect, address: target instanceof Failure ? null : target.address }
  })
  const name = `verify-probe-${ports.unique}-${index}`
  const order = { name, namespace, image, labels: labelsOf(from, workloads), attempts }
  const answers = await runProbe(order, ports)
  return targeted.flatMap((one, at) => {
    const answer = answers[at]
    return answer === undefined ? [] : [{ ...one, answer }]
  })
}

/** An open connection proves itself by its name. A closed one needs a target that is known to be alive. */
async function targetOf(
  { connection, expect }: Asked,
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
    throw new Failure('no-workload', `the source ${from} is not among the verified workloads`, {
      fault: 'input',
      hint: 'name a workload in `allowed-connections` and `denied-connections` that is also verified',
    })
  return found.spec.template.metadata?.labels ?? {}
}
