import type { Pod } from '@alt-las/kubernetes'
import { no, yes, type CheckFinding } from '../check.ts'

/** Containers of running pods that have ended and started again since a moment (ms since 1970), each with its reason. */
export function judgeRestarts(
  pods: readonly Pod[],
  { since, most }: { readonly since: number; readonly most: number },
): CheckFinding {
  const restarted = pods.flatMap(({ metadata, status }) =>
    (status?.containerStatuses ?? []).flatMap(({ name, lastState }) => {
      const ended = lastState?.terminated
      if (ended === undefined || !(Date.parse(ended.finishedAt ?? '') >= since)) return []
      return [`${metadata.name} (${name}): ${ended.reason ?? 'ended'} with exit code ${ended.exitCode}`]
    }),
  )
  const count = restarted.length === 1 ? 'one container has' : `${restarted.length} containers have`
  if (restarted.length <= most) return yes(`${count} restarted in this time, allowed: ${most}`)
  const shown =
    restarted.slice(0, 3).join(', ') + (restarted.length > 3 ? ` and ${restarted.length - 3} more` : '')
  return {
    ...no(`${count} restarted, allowed: ${most}: ${shown}`),
    remedy: 'read the logs of the run before: kubectl logs --previous',
  }
}
