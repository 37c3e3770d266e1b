import { describe, expect, test } from '@jest/globals'
import { systemProcess, tail } from './index.ts'

describe('systemProcess', () => {
  test('success and failure have one shape', async () => {
    const script = 'process.stdout.write("out"); process.stderr.write("err"); process.exitCode = 3'
    const finished = await systemProcess.run(process.execPath, ['-e', script])
    expect(finished).toEqual({ code: 3, stdout: 'out', stderr: 'err', endedBy: 'exit' })
  })

  test('arguments are passed as they are, whatever a shell would make of them', async () => {
    const words = ['a b', '$(id)', ';', '"', "'"]
    const { stdout } = await systemProcess.run(process.execPath, [
      '-p',
      'JSON.stringify(process.argv.slice(1))',
      ...words,
    ])
    expect(JSON.parse(stdout)).toEqual(words)
  })

  test('a missing command is a Failure with a remedy', async () => {
    await expect(systemProcess.run('no-such-command-here', [])).rejects.toMatchObject({
      code: 'command-not-found',
    })
  })

  test('an abort ends the child', async () => {
    const abort = new AbortController()
    const running = systemProcess.run(
      process.execPath,
      ['-e', 'console.log("up"); setInterval(() => {}, 1000)'],
      {
        signal: abort.signal,
        onLine: () => {
          abort.abort()
        },
      },
    )
    await expect(running).resolves.toMatchObject({ code: null, endedBy: 'abort' })
  })

  test('stdin reaches the child, lines come one by one', async () => {
    const lines: string[] = []
    const options = { stdin: 'one\ntwo', onLine: (line: string) => lines.push(line) }
    await systemProcess.run(process.execPath, ['-e', 'process.stdin.pipe(process.stdout)'], options)
    expect(lines).toEqual(['one', 'two'])
  })
})

test('the tail of a log is its last lines without trailing blanks', () => {
  expect(tail('a\nb\nc\n\n', 2)).toBe('b\nc')
})
