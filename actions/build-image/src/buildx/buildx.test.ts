import { describe, expect, test } from '@jest/globals'
import { fakeClock, fakeProcess, silentLog, type Script } from '@alt-las/testing'
import { Failure } from '@alt-las/failure'
import { findBuildx, runBuild, type RunBuildOptions } from './buildx.ts'
import { busyRegistry, failedCache, failedTest, unknownBase } from '../testing/logs.ts'

const buildx = { command: 'docker', prefix: ['buildx'], version: 'v0.37.2' }
const plan = {
  args: ['build', '--cache-to', 'type=gha', '.'],
  env: { A: '1' },
  keep: ['NPM_*'],
  hidden: ['hunter2'],
}
const options: RunBuildOptions = {
  what: 'build',
  cwd: '/work',
  dockerfile: 'Dockerfile',
  attempts: 3,
  deadline: 60_000,
}

function run(script: Script, overrides: Partial<RunBuildOptions> = {}) {
  const ports = {
    process: fakeProcess(script),
    clock: fakeClock(),
    log: silentLog(),
    interrupted: new AbortController(),
  }
  const result = runBuild(
    buildx,
    plan,
    { ...options, ...overrides },
    { ...ports, interrupted: ports.interrupted.signal },
  )
  return { result, ...ports }
}

const inTurn = (...answers: readonly ReturnType<Script>[]): Script => {
  let turn = 0
  return () => answers[turn++] ?? {}
}
const broken = (stderr: string) => ({ code: 1, stderr })

describe('findBuildx', () => {
  const on =
    (...there: readonly string[]): Script =>
    ({ command, args }) => {
      if (!there.includes(command))
        throw new Failure('command-not-found', `${command} is not on PATH`, { fault: 'outside' })
      return args[0] === 'buildx' && !there.includes('plugin')
        ? { code: 1 }
        : { stdout: 'github.com/docker/buildx v0.37.2 abc' }
    }
  test.each<[readonly string[], string, readonly string[]]>([
    [['docker', 'plugin', 'docker-buildx'], 'docker', ['buildx']],
    [['docker', 'docker-buildx'], 'docker-buildx', []],
    [['buildx'], 'buildx', []],
  ])('with %j it is %s', async (there, command, prefix) => {
    await expect(findBuildx({ process: fakeProcess(on(...there)) })).resolves.toEqual({
      command,
      prefix,
      version: 'v0.37.2',
    })
  })

  test('without any it says what to do', async () => {
    await expect(findBuildx({ process: fakeProcess(on()) })).rejects.toMatchObject({ code: 'buildx-missing' })
  })
})

describe('runBuild', () => {
  test('runs in the checkout, with the environment of the plan', async () => {
    const { result, process } = run(() => ({}))
    await expect(result).resolves.toEqual({ kind: 'built' })
    expect(process.runs[0]).toMatchObject({
      command: 'docker',
      args: ['buildx', ...plan.args],
      options: { cwd: '/work', env: { A: '1' } },
    })
  })

  test('an exit code other than 0 without a word is broken too', async () => {
    await expect(run(() => broken('')).result).resolves.toMatchObject({
      kind: 'broken',
      error: { message: '' },
    })
  })

  test('a signal from outside is broken', async () => {
    await expect(run(() => ({ code: null, endedBy: 'signal' })).result).resolves.toMatchObject({
      kind: 'broken',
    })
  })

  test('a transient error is tried again, with pauses that grow', async () => {
    const { result, clock } = run(inTurn(broken(busyRegistry), broken(busyRegistry)))
    await expect(result).resolves.toEqual({ kind: 'built' })
    const [first = 0, second = 0] = clock.slept
    expect(clock.slept).toHaveLength(2)
    expect(first >= 1000 && first <= 2000 && second >= 2000 && second <= 4000).toBe(true)
  })

  test('not more often than asked, and never what is not transient', async () => {
    const busy = run(() => broken(busyRegistry))
    await expect(busy.result).resolves.toMatchObject({ kind: 'broken', attempts: 3 })
    expect(busy.process.runs).toHaveLength(3)
    const wrong = run(() => broken(failedTest))
    await wrong.result
    expect(wrong.process.runs).toHaveLength(1)
  })

  test('an error that the caller calls final is not tried again', async () => {
    const { result, process } = run(() => broken(busyRegistry), { isFinal: () => true })
    await result
    expect(process.runs).toHaveLength(1)
  })

  test('a cache that fails is left out with a warning, and costs no attempt', async () => {
    const { result, process, log } = run(inTurn(broken(failedCache)), { attempts: 1 })
    await expect(result).resolves.toEqual({ kind: 'built' })
    expect(process.runs[1]?.args).toEqual(['buildx', 'build', '.'])
    expect(log.lines.join('\n')).toContain('warning: build: the cache failed; continuing without it')
  })

  const oddCache = 'ERROR: failed to build: failed to solve: mkdir /cache: permission denied'

  test('a cache whose failure does not say so is left out too', async () => {
    const { result, process, log } = run(inTurn(broken(oddCache)), { attempts: 1 })
    await expect(result).resolves.toEqual({ kind: 'built' })
    expect(process.runs[1]?.args).toEqual(['buildx', 'build', '.'])
    expect(log.lines.join('\n')).toContain('perhaps by its cache; trying without it')
  })

  test('where the build fails without the cache as well, that failure counts', async () => {
    const { result, process } = run(inTurn(broken(oddCache), broken(unknownBase)))
    await expect(result).resolves.toMatchObject({ kind: 'broken', error: { step: expect.anything() } })
    expect(process.runs).toHaveLength(2)
  })

  test('a registry that asks for a pause gets it', async () => {
    const { result, clock } = run(inTurn(broken('ERROR: toomanyrequests: retry-after: 50s, allowed: 9/m')))
    await expect(result).resolves.toEqual({ kind: 'built' })
    expect(clock.slept).toEqual([50_000])
  })

  test('the time limit is a failure that says so', async () => {
    await expect(run(() => ({ code: null, endedBy: 'timeout' })).result).rejects.toMatchObject({
      code: 'build-timeout',
    })
  })

  test('a second try has only the time that is left', async () => {
    const ports = run(inTurn(broken(busyRegistry)))
    await ports.result
    const [first, second] = ports.process.runs.map(({ options: { timeoutMs } }) => timeoutMs ?? 0)
    expect(first).toBe(60_000)
    expect(second).toBe(60_000 - (ports.clock.slept[0] ?? 0))
  })

  test('an interruption says what state is left', async () => {
    await expect(run(() => ({ code: null, endedBy: 'abort' })).result).rejects.toThrow(
      'no image was written, nothing was pushed',
    )
  })

  test('a secret that a step prints is taken out of log and error', async () => {
    const { result, log } = run(({ options: { onLine } }) => {
      onLine?.('#7 0.1 hunter2', 'stderr')
      return broken(failedTest.replace('0.106 one', '0.106 hunter2'))
    })
    expect(JSON.stringify([await result, log.lines])).not.toContain('hunter2')
    expect(log.lines).toContain('#7 0.1 ***')
  })

  test('colours are taken out of the log', async () => {
    const { result, log } = run(({ options: { onLine } }) => {
      onLine?.('\u001b[33m1 warning\u001b[0m', 'stderr')
      return {}
    })
    await result
    expect(log.lines).toEqual(['1 warning'])
  })

  test('what a step prints is no command for the runner', async () => {
    const { result, log } = run(({ options: { onLine } }) => {
      onLine?.('::add-mask::passed', 'stderr')
      return {}
    })
    await result
    expect(log.rawLines).toEqual(['::add-mask::passed'])
  })
})
