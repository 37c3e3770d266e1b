import { Readable } from 'node:stream'
import { describe, expect, test } from '@jest/globals'
import { readLines } from './index.ts'

const url = new URL('https://k8s.example/')
async function linesOf(chunks: readonly (string | Uint8Array)[], limitBytes?: number): Promise<string[]> {
  const body = Readable.from(chunks.map((chunk) => Buffer.from(chunk)))
  const lines: string[] = []
  for await (const line of readLines({ url, body }, limitBytes)) lines.push(line)
  return lines
}

describe('lines of a long answer', () => {
  test.each([
    [['a\nb\n'], ['a', 'b']],
    [
      ['a', 'b\n', '\n', 'c\nd'],
      ['ab', 'c'],
    ],
    [[Buffer.from('ä\n').subarray(0, 1), Buffer.from('ä\n').subarray(1)], ['ä']],
    [[], []],
  ])('%j are %j', async (chunks, lines) => {
    await expect(linesOf(chunks)).resolves.toEqual(lines)
  })

  test.each([[['xxx', 'xx\n']], [['xxxxx\n']], [['a\nxxxxx']], [['xxx', 'xx']]])(
    '%j have one that is too long',
    async (chunks) => {
      await expect(linesOf(chunks, 4)).rejects.toMatchObject({ code: 'http-too-large' })
    },
  )

  test('each may be as long as the limit, however many there are', async () => {
    await expect(linesOf(['xx', 'xx\nyyyy\n', 'zzzz\n'], 4)).resolves.toEqual(['xxxx', 'yyyy', 'zzzz'])
  })
})
