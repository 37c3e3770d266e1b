import type { KubeObject } from '@alt-las/kubernetes'
import { noOutside, yes, type CheckFinding } from '../check.ts'

/** The part of `batch/v1` CronJob that is read. */
export interface CronJob extends KubeObject {
  readonly spec: { readonly suspend?: boolean }
  readonly status?: { readonly lastSuccessfulTime?: string; readonly lastScheduleTime?: string }
}

const hourMs = 3_600_000

/** Every scheduled backup, and every restore that is tried, has succeeded lately. A suspended one is run by hand. */
export function judgeBackups(
  jobs: readonly CronJob[],
  { now, maxAgeMs }: { readonly now: number; readonly maxAgeMs: number },
): CheckFinding {
  const scheduled = jobs.filter(({ spec }) => spec.suspend !== true)
  if (scheduled.length === 0) {
    const because = 'no CronJob has the label app.kubernetes.io/component=backup'
    return { ...yes(`not checked: ${because}`), notChecked: [`backups: ${because}`] }
  }
  const most = `expected at most ${hours(maxAgeMs)} hours`
  const problems: string[] = []
  const fine: string[] = []
  const notChecked: string[] = []
  for (const { metadata, status } of scheduled) {
    const age = now - Date.parse(status?.lastSuccessfulTime ?? '')
    const life = now - Date.parse(metadata.creationTimestamp ?? '')
    if (age <= maxAgeMs) fine.push(`${metadata.name} succeeded ${hours(age)} hours ago`)
    else if (!Number.isNaN(age)) problems.push(`${metadata.name} succeeded ${hours(age)} hours ago, ${most}`)
    else if (life <= maxAgeMs)
      notChecked.push(`${metadata.name}: it is ${hours(life)} hours old and has not run yet`)
    else problems.push(`${metadata.name} has never succeeded, ${most}`)
  }
  const more = notChecked.length === 0 ? {} : { notChecked }
  const remedy = 'look at its last Job: kubectl get jobs, kubectl logs job/…'
  if (problems.length > 0) return { ...noOutside(problems.join('; '), remedy), ...more }
  return { ...yes([...fine, ...notChecked].join('; ')), ...more }
}

const hours = (ms: number): number => Math.floor(ms / hourMs)
