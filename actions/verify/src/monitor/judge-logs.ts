import type { Prometheus } from '@alt-las/telemetry'
import { no, yes, type CheckFinding } from '../check.ts'

export interface LogErrorPlan {
  readonly namespace: string
  /** Milliseconds since 1970. */
  readonly now: number
  readonly windowMs: number
  /** 0 to 1, of all lines. */
  readonly maxLogErrors: number
}

/** `level=error`, `"level":"error"`, `severity: fatal`. */
const errorLine = String.raw`(?i)(level|severity|lvl)["']?\s*[:=]\s*["']?(error|err|fatal|panic|critical)`
const fewestLines = 100

/** The share of error lines of a namespace in Loki. Both answers are one number. */
export async function judgeLogs(
  { namespace, now, windowMs, maxLogErrors }: LogErrorPlan,
  store: Prometheus,
): Promise<CheckFinding> {
  const count = async (filter: string) => {
    const lines = `count_over_time({namespace="${namespace}"}${filter} [${Math.round(windowMs / 1000)}s])`
    const [series] = await store.query(`sum(${lines})`, now)
    return series?.samples[0]?.value ?? 0
  }
  const all = await count('')
  if (all < fewestLines) {
    const because = `${all} lines with the label namespace="${namespace}", expected at least ${fewestLines} to judge`
    return { ...yes(`not judged: ${because}`), notChecked: [`errors in the logs: ${because}`] }
  }
  const errors = await count(` |~ ${JSON.stringify(errorLine)}`)
  const said = `${errors} of ${all} lines are errors (${Number(((errors / all) * 100).toFixed(3))}%)`
  const allowed = `allowed: ${Number((maxLogErrors * 100).toFixed(3))}%`
  return errors / all > maxLogErrors ? no(`${said}, ${allowed}`) : yes(`${said}, ${allowed}`)
}
