import { Readable } from 'node:stream'
import { formatDuration, type Clock } from '@alt-las/time'
import { formatBytes } from '../bytes.ts'

const everyMs = 5000

/** Says how far the bytes are, at most every five seconds, so that a long push is not silent. */
export interface Progress {
  counted(source: Readable): Readable
}

export function startProgress(total: number, say: (line: string) => void, clock: Clock): Progress {
  const begun = clock.elapsed()
  let last = begun
  let sent = 0
  async function* count(source: Readable): AsyncGenerator<Buffer> {
    for await (const chunk of source as AsyncIterable<Buffer>) {
      yield chunk
      sent += chunk.length
      const now = clock.elapsed()
      if (now - last < everyMs) continue
      last = now
      say(`${formatBytes(sent)} of ${formatBytes(total)} sent, ${formatDuration(now - begun)}`)
    }
  }
  return { counted: (source) => Readable.from(count(source), { objectMode: false }) }
}
