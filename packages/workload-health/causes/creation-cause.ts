import { timeOf, type Cause } from './cause.ts'
import { missingIn } from './container-cause.ts'
import { type Condition, type Event, timeOfEvent } from '@alt-las/kubernetes'

/** Why pods cannot be created: quota, pod security, a webhook, a missing ServiceAccount. From conditions, else from the latest event. */
export function creationCause(conditions: readonly Condition[], events: readonly Event[]): Cause | null {
  const condition = conditions.find(({ type, status }) => type === 'ReplicaFailure' && status === 'True')
  const last = events.findLast(({ reason }) => reason === 'FailedCreate' || reason === 'SuccessfulCreate')
  const event = last?.reason === 'FailedCreate' ? last : undefined
  const message = condition?.message ?? event?.message
  if (message === undefined) return null
  const since = timeOf(
    condition?.lastTransitionTime ?? event?.firstTimestamp ?? (event && timeOfEvent(event)),
  )
  // `pods "x-1" is forbidden: ` and `create Pod x in StatefulSet y failed error: ` are noise.
  const why = message.replace(/^.*(?:is forbidden: |failed error: |^Error creating: )/s, '').slice(0, 400)
  const base = { since, evidence: { message: why } }
  if (/exceeded quota/.test(message)) {
    const because = `its pods do not fit the namespace's quota: ${why}`
    const quota = quotaOf(message)
    const evidence = { ...base.evidence, ...quota }
    return {
      kind: 'quota',
      because,
      heals: true,
      graceMs: 30_000,
      since,
      fault: 'surroundings',
      about: quota.quota,
      evidence,
    }
  }
  if (/failed calling webhook|timeout|connection refused/.test(message)) {
    const because = `its pods cannot be created while an admission webhook does not answer: ${why}`
    const about = /webhook "([^"]+)"/.exec(message)?.[1] ?? 'webhook'
    return { ...base, kind: 'admission', because, heals: true, graceMs: 60_000, fault: 'surroundings', about }
  }
  if (/serviceaccount "?[^" ]+"? not found|error looking up service account/.test(message)) {
    const because = `its pods cannot be created: ${why}`
    const about = missingIn(message) ?? 'serviceaccount'
    return { ...base, kind: 'config', because, heals: true, graceMs: 20_000, fault: 'version', about }
  }
  const final = /violates PodSecurity|denied (the )?request|is invalid|forbidden/.test(message)
  const because = `its pods are refused: ${why}`
  return { ...base, kind: 'admission', because, heals: !final, graceMs: final ? 0 : 60_000, fault: 'version' }
}

/** `exceeded quota: small, requested: pods=1, used: pods=0, limited: pods=0`. */
function quotaOf(message: string): { quota: string; requested: string; used: string; limited: string } {
  const [, quota = '', requested = '', used = '', limited = ''] =
    /exceeded quota: (.*?), requested: (.*?), used: (.*?), limited: (.*)$/s.exec(message) ?? []
  return { quota, requested, used, limited }
}
