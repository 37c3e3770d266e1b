import type { Cause } from './cause.ts'

/**
 * Messages of a kubelet or runtime that is itself behind: caches that are not filled yet (it tries again within seconds;
 * kubernetes/kubernetes#117972), names that an earlier attempt still holds, calls to the runtime that took too long. On a busy node any
 * version gets them.
 */
const trouble =
  /failed to sync (secret|configmap) cache|not registered|have not yet been read|failed to reserve (container|sandbox) name|is reserved for|deadline ?exceeded|timed out|transport is closing|connection (refused|reset)/i

/** null if the message is about the container itself. */
export function nodeTrouble(name: string, message: string): Omit<Cause, 'since'> | null {
  if (!trouble.test(message)) return null
  const because = `its node is not ready to create ${name}, which is not the version's fault: ${message}`
  return {
    ...{ kind: 'node', because, heals: true, graceMs: 120_000, fault: 'surroundings' },
    about: 'kubelet',
    evidence: { message },
  }
}
