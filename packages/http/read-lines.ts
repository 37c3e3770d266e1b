import type { HttpResponse } from './http.ts'
import { tooLarge } from './http-failure.ts'

/** 16 MiB: larger than any object of a cluster. */
const longestLine = 16 * 1024 * 1024

/**
 * The lines of a long answer as they arrive, without blank lines and without an incomplete last line. Throws Failure `http-too-large`
 * at a line of more than `limitBytes`, or the error that broke the answer off.
 */
export async function* readLines(
  { url, body }: Pick<HttpResponse, 'url' | 'body'>,
  limitBytes = longestLine,
): AsyncGenerator<string> {
  // Kept in pieces: to join them at every chunk would cost the square of a long line.
  let begun: Buffer[] = []
  let size = 0
  for await (const chunk of body as AsyncIterable<Buffer>) {
    let from = 0
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, from)) {
      if (size + end - from > limitBytes) throw tooLarge(url, limitBytes)
      const line = Buffer.concat([...begun, chunk.subarray(from, end)]).toString('utf8')
      begun = []
      size = 0
      from = end + 1
      if (line !== '') yield line
    }
    begun.push(chunk.subarray(from))
    size += chunk.length - from
    if (size > limitBytes) throw tooLarge(url, limitBytes)
  }
}
