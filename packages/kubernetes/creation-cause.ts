import { timeOf, type Cause } from './cause.ts'
import type { Condition } from './pods.ts'
import type { Event } from './records.ts'

/** Why pods cannot even be made: quota, pod security, a webhook, a missing ServiceAccount. From conditions, else from events. */
export function creationCause(conditions: readonly Condition[], events: readonly Event[]): Cause | null {
  const condition = conditions.find(({ type, status }) => type === 'ReplicaFailure' && status === 'True')
  const event = events.findLast(({ reason }) => reason === 'FailedCreate')
  const message = condition?.message ?? event?.message
  if (message === undefined) return null
  const since = timeOf(condition?.lastTransitionTime ?? event?.firstTimestamp)
  // `pods "x-1" is forbidden: ` and `create Pod x in StatefulSet y failed error: ` say nothing that matters.
  const why = message.replace(/^.*?(?:is forbidden: |failed error: )/s, '').slice(0, 400)
  if (/exceeded quota/.test(message)) {
    const because = `its pods do not fit the namespace's quota: ${why}`
    return { kind: 'quota', because, heals: true, graceMs: 30_000, since }
  }
  if (/failed calling webhook|timeout|connection refused/.test(message)) {
    const because = `its pods cannot be made while an admission webhook does not answer: ${why}`
    return { kind: 'admission', because, heals: true, graceMs: 60_000, since }
  }
  if (/serviceaccount "?[^" ]+"? not found|error looking up service account/.test(message)) {
    return { kind: 'config', because: `its pods cannot be made: ${why}`, heals: true, graceMs: 20_000, since }
  }
  const graceMs = /violates PodSecurity|denied the request|is invalid|forbidden/.test(message) ? 0 : 60_000
  return { kind: 'admission', because: `its pods are refused: ${why}`, heals: graceMs > 0, graceMs, since }
}
