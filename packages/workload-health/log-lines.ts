import { Failure } from '@alt-las/failure'
import type { At, Cluster } from '@alt-las/kubernetes'
import { cutBetweenWords, redact } from '@alt-las/secrets'

/** Characters. */
const longestLine = 300

/** The last lines of a running container's log; redacted, each cut. null where they cannot be read. */
export async function logLines(
  at: At,
  { container, most }: { readonly container: string; readonly most: number },
  cluster: Pick<Cluster, 'log'>,
): Promise<readonly string[] | null> {
  try {
    const text = await cluster.log(at, { container, previous: false, tailLines: most })
    const lines = text
      .split('\n')
      .slice(-most - 1)
      .map((line) => cutBetweenWords(line, { limit: longestLine, keep: 'start' }))
    return redact(lines.join('\n'), { limit: 2 * most * longestLine })
      .split('\n')
      .filter((line) => line.trim() !== '')
  } catch (error) {
    if (error instanceof Failure) return null
    throw error
  }
}
