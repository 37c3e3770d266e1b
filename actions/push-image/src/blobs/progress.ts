import { Readable } from 'node:stream'
import { formatDuration, type Clock } from '@alt-las/time'
import { formatSize } from '@alt-las/registry'

const everyMs = 5000

/** Logs how many bytes are sent, at most every five seconds. */
export interface Progress {
  counted(source: Readable): Readable
}

export function startProgress(total: number, log: (line: string) => void, clock: Clock): Progress {
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
      log(`${formatSize(sent)} of ${formatSize(total)} sent, ${formatDuration(now - begun)}`)
    }
  }
  return { counted: (source) => Readable.from(count(source), { objectMode: false }) }
}
