import { Readable } from 'node:stream'
import { finished } from 'node:stream/promises'
import { describe, expect, test } from '@jest/globals'
import { childEnvironment, credentialVariables, systemProcess, tail } from './index.ts'
import { collectOutput } from './output.ts'

describe.each(['ask', 'run'] as const)('%s', (verb) => {
  test('success and failure have one shape', async () => {
    const script = 'process.stdout.write("out"); process.stderr.write("err"); process.exitCode = 3'
    const ended = await systemProcess[verb](process.execPath, ['-e', script])
    expect(ended).toEqual({ code: 3, stdout: 'out', stderr: 'err', endedBy: 'exit' })
  })

  test('arguments are passed as they are, whatever a shell would make of them', async () => {
    const words = ['a b', '$(id)', ';', '"', "'"]
    const { stdout } = await systemProcess[verb](process.execPath, [
      '-p',
      'JSON.stringify(process.argv.slice(1))',
      ...words,
    ])
    expect(JSON.parse(stdout)).toEqual(words)
  })

  test('a missing command is a Failure with a remedy', async () => {
    await expect(systemProcess[verb]('no-such-command-here', [])).rejects.toMatchObject({
      code: 'command-not-found',
    })
  })

  test('the limit of time has its own name', async () => {
    const sleep = ['-e', 'setTimeout(() => {}, 200)']
    const { code, endedBy } = await systemProcess[verb](process.execPath, sleep, { timeoutMs: 1 })
    expect({ code, endedBy }).toEqual({ code: null, endedBy: 'timeout' })
  })

  test('a child that reads its stdin to the end is not kept waiting', async () => {
    const read = ['-e', 'process.stdin.resume().on("end", () => console.log("end"))']
    await expect(systemProcess[verb](process.execPath, read)).resolves.toMatchObject({ stdout: 'end\n' })
  })

  test('the child sees no input of the action and no credential but those it is given', async () => {
    const before = { ...process.env }
    Object.assign(process.env, {
      INPUT_PASSWORD: 'a',
      SOME_TOKEN: 'b',
      AWS_SECRET_ACCESS_KEY: 'c',
      PLAIN: 'd',
    })
    const print = ['-p', 'JSON.stringify(process.env)']
    const options = { keep: ['AWS_*'], env: { MEANT_TOKEN: 'e' } }
    const { stdout } = await systemProcess[verb](process.execPath, print, options)
    process.env = before
    const seen = JSON.parse(stdout) as object
    expect(seen).toMatchObject({ AWS_SECRET_ACCESS_KEY: 'c', PLAIN: 'd', MEANT_TOKEN: 'e' })
    expect(Object.keys(seen)).not.toEqual(expect.arrayContaining(['INPUT_PASSWORD']))
    expect(Object.keys(seen)).not.toEqual(expect.arrayContaining(['SOME_TOKEN']))
  })
})

describe('run', () => {
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

test('a line without an end, and output without one, are bounded', async () => {
  const pieces: number[] = []
  const stream = Readable.from(Array.from({ length: 24 }, () => Buffer.alloc(1 << 20, 'x')))
  const output = collectOutput(stream, (line) => pieces.push(line.length))
  await finished(stream)
  expect(output.text().slice(0, 40)).toMatch(/^\[\d+ characters left out\]\nx/)
  expect(output.text().length).toBeLessThan(18 << 20)
  expect(Math.max(...pieces)).toBeLessThan(2 << 20)
})

test.each([
  ['PATH', '/bin', true],
  ['HTTPS_PROXY', 'http://user:word@proxy:3128', true],
  ['SSH_AUTH_SOCK', '/run/agent', true],
  ['PGPASSWORD', 'x', false],
  ['TOKEN_OF_CI', 'x', false],
  ['MYSQL_PWD', 'x', false],
  ['PWD', '/work', true],
  ['GITHUB_OUTPUT', '/x', false],
  ['DATABASE_URL', 'postgres://user:word@db/x', false],
  ['INPUT_IMAGE', 'x', false],
  ['STATE_left', 'x', false],
  ['GITHUB_TOKEN', 'x', false],
  ['ACTIONS_RUNTIME_TOKEN', 'x', false],
])('of our environment a child sees %s=%s: %p', (name, value, expected) => {
  expect(name in childEnvironment({ [name]: value })).toBe(expected)
  expect(name in childEnvironment({ [name]: value }, [name])).toBe(true)
  expect(name in childEnvironment({ [name]: value }, ['*'])).toBe(
    !/^(?:INPUT_|STATE_|ACTIONS_|GITHUB_OUTPUT)/.test(name),
  )
})

test('the tail of a log is its last lines without trailing blanks', () => {
  expect(tail('a\nb\nc\n\n', 2)).toBe('b\nc')
})

test('a family that is taken away is not there, whether it looks like a credential or not', () => {
  const own = { TRIVY_CONFIG: 'a', TRIVY_TOKEN: 'b', TRIVYISH: 'c' }
  expect(childEnvironment(own, ['TRIVY*', '!TRIVY_*'])).toEqual({ TRIVYISH: 'c' })
})

describe('a credential helper or a plugin of a kubeconfig', () => {
  const job = {
    PATH: '/bin',
    AWS_SECRET_ACCESS_KEY: 'a',
    GOOGLE_CREDENTIALS: 'g',
    CLOUDSDK_AUTH_ACCESS_TOKEN: 'c',
    AZURE_CLIENT_SECRET: 'z',
    GITHUB_TOKEN: 'h',
    VAULT_TOKEN: 'v',
    ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'o',
    INPUT_PASSWORD: 'i',
  }

  test.each<[string, readonly string[]]>([
    ['docker-credential-ecr-login', ['AWS_SECRET_ACCESS_KEY']],
    ['docker-credential-gcloud', ['GOOGLE_CREDENTIALS', 'CLOUDSDK_AUTH_ACCESS_TOKEN']],
    ['docker-credential-desktop', []],
    ['docker-credential-ghcr-login', ['GITHUB_TOKEN']],
    ['/usr/local/bin/aws', ['AWS_SECRET_ACCESS_KEY']],
    ['gke-gcloud-auth-plugin.exe', ['GOOGLE_CREDENTIALS', 'CLOUDSDK_AUTH_ACCESS_TOKEN']],
    ['kubelogin', ['AZURE_CLIENT_SECRET', 'ACTIONS_ID_TOKEN_REQUEST_TOKEN']],
    // What it needs is not known, as kubectl and docker do not know it.
    [
      'their-own',
      [
        'AWS_SECRET_ACCESS_KEY',
        'GOOGLE_CREDENTIALS',
        'CLOUDSDK_AUTH_ACCESS_TOKEN',
        'AZURE_CLIENT_SECRET',
        'GITHUB_TOKEN',
        'VAULT_TOKEN',
      ],
    ],
  ])('%s sees of the credentials of the job %j', (command, expected) => {
    const seen = childEnvironment(job, credentialVariables(command))
    expect(Object.keys(seen)).toEqual(['PATH', ...expected])
  })
})
