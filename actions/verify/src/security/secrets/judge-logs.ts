import { Failure } from '@alt-las/failure'
import type { Cluster, Pod } from '@alt-las/kubernetes'
import { findSecrets } from '@alt-las/secrets'
import { no, yes, type CheckFinding } from '../../check.ts'

export interface LogPlan {
  readonly namespace: string
  readonly pods: readonly Pod[]
  /** Of the end of each log. */
  readonly lines: number
}

/** More would take minutes; which were left out is said. */
const mostLogs = 60

/** No log holds what has the form of a credential. A finding names container and line, never the text. */
export async function judgeLogs(
  { namespace, pods, lines }: LogPlan,
  { cluster }: { readonly cluster: Pick<Cluster, 'log'> },
): Promise<CheckFinding> {
  if (lines === 0) return { ...yes('switched off by the policy'), notChecked: ['logs: `log-lines` is 0'] }
  const all = pods.flatMap((pod) => pod.spec.containers.map(({ name }) => ({ pod: pod.metadata.name, name })))
  const places: string[] = []
  const notChecked = all
    .slice(mostLogs)
    .map(({ pod, name }) => `log of ${pod} (${name}): only ${mostLogs} are read`)
  for (const { pod, name } of all.slice(0, mostLogs)) {
    const log = await read({ namespace, name: pod }, { container: name, tailLines: lines }, cluster)
    if (log.kind === 'unread') notChecked.push(`log of ${pod} (${name}): ${log.because}`)
    else
      for (const { line } of findSecrets(log.text, { only: 'forms' }))
        places.push(`${pod} (${name}) line ${line}`)
  }
  const more = notChecked.length === 0 ? {} : { notChecked }
  if (places.length === 0)
    return {
      ...yes(`the last ${lines} lines of ${all.length} logs hold nothing with the form of a credential`),
      ...more,
    }
  const shown = places.slice(0, 5).join(', ') + (places.length > 5 ? ` and ${places.length - 5} more` : '')
  const remedy = 'do not log it, and replace the credential: logs are kept and copied'
  return { ...no(`has the form of a credential, of the last ${lines} lines: ${shown}`), remedy, ...more }
}

type Log =
  { readonly kind: 'text'; readonly text: string } | { readonly kind: 'unread'; readonly because: string }

async function read(
  at: { readonly namespace: string; readonly name: string },
  options: { readonly container: string; readonly tailLines: number },
  cluster: Pick<Cluster, 'log'>,
): Promise<Log> {
  try {
    return { kind: 'text', text: await cluster.log({ apiVersion: 'v1', kind: 'Pod', ...at }, options) }
  } catch (error) {
    if (error instanceof Failure && error.code === 'forbidden')
      return { kind: 'unread', because: 'the deployer may not get pods/log' }
    if (error instanceof Failure && error.code === 'not-found')
      return { kind: 'unread', because: 'there is none yet' }
    throw error
  }
}
