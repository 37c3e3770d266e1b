import { describe, expect, test } from '@jest/globals'
import { createTerminal } from './terminal.ts'
import { obeyed } from '../testing/obeyed.ts'

const forged = 'a\r::add-mask::x\n::set-output name=image::evil\n b ##[save-state name=left]x\n'

function play() {
  const printed: string[] = []
  const warn: ((warning: Error) => void)[] = []
  const stream = () => ({
    write: (chunk: string | Uint8Array) =>
      printed.push(typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString()) > 0,
  })
  const node = {
    stdout: stream(),
    stderr: stream(),
    removeAllListeners: () => warn.splice(0),
    on: (_: 'warning', listener: (warning: Error) => void) => warn.push(listener),
  }
  warn.push(({ message }) => printed.push(message))
  const terminal = createTerminal(node)
  const issue = () => void node.stdout.write('::warning::ours\n')
  return { terminal, node, issue, warn, text: () => printed.join('') }
}

describe('what is printed', () => {
  test('by us is one line, guarded or not', () => {
    const { terminal, text } = play()
    terminal.line(forged)
    expect(text()).toBe('a : :add-mask::x : :set-output name=image::evil  b ## [save-state name=left]x\n')
  })

  test('by anybody else is no command once the streams are guarded, on stderr and in warnings too', () => {
    const { terminal, node, warn, text } = play()
    node.stdout.write(forged)
    expect(obeyed(text())).not.toBe('')
    const other = play()
    other.terminal.guard()
    for (const stream of [other.node.stdout, other.node.stderr]) {
      stream.write(forged)
      stream.write(Buffer.from(forged))
    }
    for (const one of other.warn) one(new Error(forged))
    expect(obeyed(other.text())).toBe('')
    expect(other.text().match(/evil/g)).toHaveLength(5)
    expect([terminal, warn].length).toBe(2)
  })

  test('of ours as a command stays one', () => {
    const { terminal, issue, text } = play()
    terminal.guard()
    terminal.command(issue)
    expect(obeyed(text())).toBe('::warning::ours')
  })
})

describe("a tool's own lines", () => {
  test('are between two unpredictable tokens', async () => {
    const tokens = new Set<string>()
    for (let run = 0; run < 3; run += 1) {
      const { terminal, node, text } = play()
      await terminal.raw(() => Promise.resolve(node.stdout.write(forged)))
      expect(obeyed(text())).toBe('')
      const [, token = ''] = /^::stop-commands::(\S{20,})\n/.exec(text()) ?? []
      expect(text().endsWith(`\n::${token}::\n`)).toBe(true)
      tokens.add(token)
    }
    expect(tokens.size).toBe(3)
  })

  test('of two tools at a time are stopped until the last has ended, also where one fails', async () => {
    const { terminal, node, text } = play()
    const first = Promise.withResolvers<never>()
    const running = terminal.raw(() => first.promise)
    await terminal.raw(() => Promise.resolve())
    node.stdout.write(forged)
    expect(obeyed(text())).toBe('')
    first.reject(new Error('ended'))
    await expect(running).rejects.toThrow('ended')
    node.stdout.write(forged)
    expect(obeyed(text())).not.toBe('')
  })

  test('do not keep a command of ours from the runner, and the next token is another', async () => {
    const { terminal, issue, text } = play()
    await terminal.raw(() => {
      terminal.command(issue)
      return Promise.resolve()
    })
    expect(obeyed(text())).toBe('::warning::ours')
    const tokens = [...text().matchAll(/::stop-commands::(\S+)/g)].map(([, token]) => token)
    expect(new Set(tokens).size).toBe(2)
  })
})
