import { mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { Failure } from '@alt-las/failure'
import { find, type Outcome } from '@alt-las/outcome'
import { runAction, type Action, type Host } from '../index.ts'

interface Inputs {
  readonly service: string
}
type Ours = Action<Inputs, Outcome<'verify'>>

const passed: Outcome<'verify'> = {
  kind: 'passed',
  because: 'all is well',
  evidence: { url: null, namespace: null, checks: [], load: null, uncovered: null },
}
const action: Ours = {
  name: 'verify',
  secrets: ['token'],
  parse: (read) => ({ service: read('service') }),
  serviceOf: ({ service }) => service,
  run: () => Promise.resolve(passed),
  outputsOf: () => ({ junit: '/junit.xml' }),
  summarize: () => ({ title: 'verify', blocks: [] }),
}

const never = new Promise<never>(() => undefined)

/** Plays an action on a runner that records what it is told. */
async function play(overrides: Partial<Ours>, { inputs = {}, host = {}, temp }: Setting = {}) {
  const given: Readonly<Record<string, string>> = { service: 'web', gate: 'enforce', ...inputs }
  const told: string[] = []
  const outputs: Record<string, string> = {}
  const controller = new AbortController()
  const fake = {
    reader: () => (name) => given[name] ?? '',
    guard: () => told.push('guarded'),
    listen: () => ({ signal: controller.signal, crashed: never, stop: () => told.push('stopped') }),
    mask: (secrets) => told.push(...secrets.map((secret) => `mask ${secret}`)),
    clean: (text) => text.replaceAll('sesame-open', '***'),
    output: (name, value) => {
      outputs[name] = value
    },
    info: (text) => told.push(`info ${text}`),
    annotate: ({ level, message }) => told.push(`${level} ${message}`),
    summary: (markdown) => {
      told.push(`summary ${markdown.trim()}`)
      return Promise.resolve()
    },
    fail: () => told.push('exit 1'),
    exit: () => told.push('ended'),
    ...host,
  } satisfies Host
  const folder = temp ?? (await mkdtemp(join(tmpdir(), 'run-action-')))
  await runAction({ ...action, ...overrides }, { host: fake, temp: folder, now: () => 1000 })
  const { entries, unreadable } = await find(join(folder, 'alt-las/outcomes'))
  expect(unreadable).toEqual([])
  return { outputs, told, exit: told.includes('exit 1') ? 1 : 0, document: entries[0]?.document, entries }
}

interface Setting {
  readonly inputs?: Readonly<Record<string, string>>
  readonly host?: Partial<Host>
  readonly temp?: string
}

const throwing = (thrown: unknown) => ({ run: () => Promise.reject(thrown as Error) })

describe('exit code and outcome', () => {
  test.each<[string, Partial<Ours>, string, string, number]>([
    ['passed', {}, 'enforce', 'passed', 0],
    ['refused', { run: () => Promise.resolve({ ...passed, kind: 'refused' }) }, 'enforce', 'refused', 1],
    ['refused', { run: () => Promise.resolve({ ...passed, kind: 'refused' }) }, 'report', 'refused', 0],
    ['failed', throwing(new Error('boom')), 'enforce', 'failed', 1],
    ['failed', throwing(new Error('boom')), 'report', 'failed', 1],
    ['failed', throwing('a text'), 'report', 'failed', 1],
    ['failed', throwing(undefined), 'report', 'failed', 1],
  ])('%s with %j and gate %s', async (_, overrides, gate, outcome, code) => {
    const { exit, outputs, document } = await play(overrides, { inputs: { gate } })
    expect({ exit, outcome: outputs['outcome'] }).toEqual({ exit: code, outcome })
    expect(document).toMatchObject({ outcome, action: 'verify', subject: { service: 'web' } })
    expect(Object.keys(outputs)).toEqual(expect.arrayContaining(['outcome', 'because', 'report']))
    expect(JSON.parse(await readFile(outputs['report'] ?? '', 'utf8'))).toEqual(document)
  })

  test('what breaks after the work is done is a failed step, and not a silent one', async () => {
    const broken = () => {
      throw new TypeError('x is undefined')
    }
    for (const overrides of [{ outputsOf: broken }, { summarize: broken }, { serviceOf: broken }]) {
      const { exit, outputs } = await play(overrides)
      expect({ exit, outcome: outputs['outcome'] }).toEqual({ exit: 1, outcome: 'failed' })
      expect(outputs['because']).toContain('x is undefined')
    }
  })

  test('an action cannot replace the common outputs', async () => {
    const { outputs } = await play({ outputsOf: () => ({ outcome: 'x', because: 'x', report: 'x' }) })
    expect(outputs).toMatchObject({ outcome: 'passed', because: 'all is well' })
  })
})

describe('a failed step', () => {
  test('keeps subject, evidence, outputs and timings that were known', async () => {
    const { outputs, document } = await play({
      run: async (_, { draft }) => {
        draft.about({ target: 'production' })
        draft.record({ namespace: 'production' })
        draft.output({ junit: '/partial.xml' })
        await draft.timed('health', () => Promise.resolve())
        throw new Failure('x', 'no answer', { fault: 'outside' })
      },
    })
    expect(document).toMatchObject({
      outcome: 'failed',
      because: 'no answer',
      subject: { service: 'web', target: 'production' },
      evidence: { namespace: 'production' },
      timings: [{ name: 'health', startedAtMs: 1000, finishedAtMs: 1000 }],
    })
    expect(outputs).toMatchObject({ junit: '/partial.xml', outcome: 'failed' })
  })

  test('shows the results that were known beneath the reason, and their findings', async () => {
    const { told } = await play({
      run: (_, { draft }) => {
        draft.show({ blocks: [{ kind: 'paragraph', text: '1 of 2 checks' }] })
        draft.show({
          blocks: [{ kind: 'paragraph', text: '2 of 3 checks' }],
          findings: [{ effect: 'refuses', message: 'web is not ready' }],
        })
        throw new Failure('x', 'no answer', { fault: 'outside' })
      },
    })
    expect(told).toContain('summary ### verify: failed\n\n```text\nno answer\n```\n\n2 of 3 checks')
    expect(told.filter((line) => line.startsWith('error '))).toEqual([
      'error no answer',
      'error web is not ready',
    ])
  })

  test('with bad inputs is a step of the service that the inputs name', async () => {
    const parse = () => {
      throw new Failure('bad-inputs', 'rate: got x', { fault: 'input' })
    }
    const { document } = await play({ parse }, { inputs: { service: '', image: 'ghcr.io/x/api' } })
    expect(document).toMatchObject({ subject: { service: 'api' }, outcome: 'failed' })
    const evil = await play({ parse }, { inputs: { service: '../../etc', image: '' } })
    expect(evil.document).toMatchObject({ subject: { service: 'release' } })
  })

  test('with bad inputs has the outputs of its start', async () => {
    const parse = () => {
      throw new Failure('bad-inputs', 'rate: got x', { fault: 'input' })
    }
    const { outputs } = await play({ parse, outputsAtStart: { cause: 'outside' } })
    expect(outputs).toMatchObject({ outcome: 'failed', cause: 'outside' })
  })

  test('whose inputs cannot be read at all says so', async () => {
    const reader = () => {
      throw new Failure('no-action-yml', 'cannot read action.yml', { fault: 'ours' })
    }
    const { exit, outputs } = await play({}, { host: { reader } })
    expect({ exit, because: outputs['because'] }).toEqual({ exit: 1, because: 'cannot read action.yml' })
  })

  test('is one that leaves no document: outputs are set, the report is empty', async () => {
    const temp = join(await mkdtemp(join(tmpdir(), 'run-action-')), 'file')
    await writeFile(temp, '')
    const told: Record<string, string> = {}
    let failed = false
    const host: Host = {
      reader: () => () => 'web',
      guard: () => undefined,
      listen: () => ({ signal: new AbortController().signal, crashed: never, stop: () => undefined }),
      mask: () => undefined,
      clean: (text) => text,
      output: (name, value) => {
        told[name] = value
      },
      info: () => undefined,
      annotate: () => undefined,
      summary: () => Promise.resolve(),
      fail: () => {
        failed = true
      },
      exit: () => undefined,
    }
    await runAction(action, { host, temp, now: () => 1000 })
    expect(failed).toBe(true)
    expect(told).toMatchObject({ outcome: 'failed', report: '', junit: '/junit.xml' })
    expect(told['because']).toContain('passed: all is well; but the outcome document was not written')
  })
})

describe('annotations', () => {
  test('are the findings of the report, after the conclusion, at most ten of a level', async () => {
    const findings = Array.from(
      { length: 12 },
      (_, i) => ({ effect: 'refuses', message: `finding ${i}` }) as const,
    )
    const { told } = await play({
      run: () => Promise.resolve({ ...passed, kind: 'refused', because: 'it says no' }),
      summarize: () => ({ title: 'verify', blocks: [], findings }),
    })
    const errors = told.filter((line) => line.startsWith('error '))
    expect(errors).toHaveLength(10)
    expect(errors.slice(0, 2)).toEqual(['error it says no', 'error finding 0'])
    expect(errors.at(-1)).toBe('error 4 more errors: see the job summary and the outcome document')
  })

  test('of a step that passed are its findings alone', async () => {
    const findings = [{ effect: 'warns', message: 'a waiver is not needed' } as const]
    const { told } = await play({ summarize: () => ({ title: 'verify', blocks: [], findings }) })
    expect(told.filter((line) => /^(?:error|warning|notice) /.test(line))).toEqual([
      'warning a waiver is not needed',
    ])
  })
})

describe('the runner', () => {
  test('masks secrets before it parses, and stops listening last', async () => {
    const { told } = await play(throwing(new Error('boom')), { inputs: { token: 'abc' } })
    expect(told.slice(0, 2)).toEqual(['guarded', 'mask abc'])
    expect(told.at(-1)).toBe('stopped')
  })

  test('a summary that cannot be written is a warning', async () => {
    const summary = () => Promise.reject(new Error('disk full'))
    const { exit, told } = await play({}, { host: { summary } })
    expect(exit).toBe(0)
    expect(told).toContain('warning the job summary was not written: disk full')
  })

  test('outputs that cannot be set are the last catch: exit code 1 and one error', async () => {
    const output = () => {
      throw new Error('GITHUB_OUTPUT is gone')
    }
    const { exit, told } = await play({}, { host: { output } })
    expect(exit).toBe(1)
    expect(told).toContainEqual(expect.stringContaining('error GITHUB_OUTPUT is gone'))
  })

  test('what nothing caught fails the step with its document, and the process ends', async () => {
    const signal = new AbortController().signal
    const listen = () => ({ signal, crashed: Promise.reject(new Error('boom')), stop: () => undefined })
    const { outputs, document, told } = await play({ run: () => never }, { host: { listen } })
    expect(outputs).toMatchObject({ outcome: 'failed', because: expect.stringContaining('boom') as unknown })
    expect(document).toMatchObject({ outcome: 'failed' })
    expect(told.at(-1)).toBe('ended')
  })

  test('a secret that is printed by what it was given to is in no output, document or summary; a name stays', async () => {
    const because = 'answered 401: no sesame-open here'
    const evidence = {
      ...passed.evidence,
      url: 'https://sesame-open.example/',
      uncovered: ['GET /x sesame-open'],
    }
    const run = () => Promise.resolve({ ...passed, because, evidence })
    const summarize = () => ({ title: 'verify', blocks: [{ kind: 'paragraph', text: because } as const] })
    const { outputs, document, told } = await play({ run, summarize })
    expect(outputs['because']).toBe('answered 401: no *** here')
    expect(document).toMatchObject({
      because: outputs['because'],
      evidence: { url: evidence.url, uncovered: ['GET /x ***'] },
    })
    expect(told.join()).not.toContain('sesame-open')
    const failing = await play(throwing(new Error(because)))
    expect(JSON.stringify([failing.outputs, failing.told, failing.document])).not.toContain('sesame-open')
  })

  test('the output `because` is one line, and no command of the runner', async () => {
    const because = 'a\n::set-output name=x::y\r##[add-mask]z'
    const run = () => Promise.resolve({ ...passed, because })
    const { outputs, document } = await play({ run })
    expect(outputs['because']).toBe('a : :set-output name=x::y ## [add-mask]z')
    expect(document?.because).toBe(because)
  })

  test('hands an interruption to the work', async () => {
    const controller = new AbortController()
    controller.abort(new Error('interrupted by SIGTERM'))
    const listen = () => ({ signal: controller.signal, crashed: never, stop: () => undefined })
    const run: Ours['run'] = (_, { interrupted }) => Promise.reject(interrupted.reason as Error)
    const { outputs } = await play({ run }, { host: { listen } })
    expect(outputs).toMatchObject({ outcome: 'failed', because: 'interrupted by SIGTERM' })
  })
})
