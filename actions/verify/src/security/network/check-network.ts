import { Failure, asFailure } from '@alt-las/failure'
import { no, shared, yes, type Check, type CheckRunner, type CheckFinding } from '../../check.ts'
import { formatConnection, type Connection } from './connections.ts'
import type { Workload } from '@alt-las/kubernetes'
import { labelsOf, type Inside } from './inside.ts'
import { runProbe, sweepProbes, type ProbePorts } from './probe.ts'
import { isAnswer, probeScript, type Attempted, type ProbeAnswer } from './probe-script.ts'
import { lookUp, type ProbeTarget } from './probe-target.ts'

export interface NetworkPorts extends ProbePorts {
  readonly checks: CheckRunner
  /** Part of the probes' names; differs from run to run. */
  readonly unique: string
}

export interface NetworkPlan {
  /** By digest. null: nothing is tried from inside. */
  readonly probeImage: string | null
  readonly allowed: readonly Connection[]
  readonly denied: readonly Connection[]
}

export interface Asked {
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
  const { probeImage } = plan
  if (probeImage === null) return [await ports.checks.run('security', 'network policies', notTried)]
  const swept = await ports.checks.need('security', 'probes of earlier runs', () =>
    sweepProbes(inside.namespace, ports),
  )
  const asked = [
    ...plan.allowed.map((connection): Asked => ({ connection, expect: 'open' })),
    ...plan.denied.map((connection): Asked => ({ connection, expect: 'closed' })),
  ]
  const sources = [...Map.groupBy(asked, ({ connection }) => connection.from)]
  const checks = sources.flatMap(([from, own], index) => {
    const source = { from, asked: own, index, probeImage }
    const trials = shared(() => trySource(source, inside, ports))
    return own.map(({ connection }, at) =>
      ports.checks.run('security', `connection ${formatConnection(connection)}`, async () =>
        judgeTrial((await trials())[at]),
      ),
    )
  })
  const covered = ports.checks.run('security', 'network policies', () =>
    judgeCoverage(asked, inside.workloads),
  )
  return [...(swept.kind === 'failed' ? [swept.check] : []), ...(await Promise.all([...checks, covered]))]
}

function notTried(): CheckFinding {
  const because = 'connections between pods: there is no `probe-image` to try them from inside'
  return { ...yes(`not tried: ${because}`), notChecked: [because] }
}

/** Names the workloads from whose labels no connection was tried: their policies were not looked at. */
export function judgeCoverage(asked: readonly Asked[], workloads: readonly Workload[]): CheckFinding {
  const names = workloads.map(({ metadata }) => metadata.name)
  const lacking = (expect: Asked['expect']) =>
    names.filter((name) => !asked.some((one) => one.expect === expect && one.connection.from === name))
  const [allowed, denied] = [lacking('open'), lacking('closed')]
  const tried = `${asked.length} connections were tried`
  const because = `${tried}, denied ones from ${names.length - denied.length} of ${names.length} workloads`
  if (denied.length === 0) return yes(`${because}, allowed ones from ${names.length - allowed.length}`)
  return { ...yes(because), notChecked: denied.map((name) => `connections from ${name} that must be closed`) }
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
  const labels = labelsOf(from, workloads)
  const answers = await runProbe(
    { name, namespace, image, labels, script: probeScript, attempts },
    isAnswer,
    ports,
  )
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
