import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { outcomeDocument } from '@alt-las/testing'
import { scanTrivy } from './scan-trivy.ts'
import { outputsOf, summarize } from './summary.ts'
import { cleanReport, trivyReport } from './testing/report.ts'
import { scene, type Scene } from './testing/scan.ts'

async function run(setting: Scene = {}) {
  const stage = await scene(setting)
  return { ...stage, result: scanTrivy(stage.inputs, stage.ports) }
}
const fatal = (text: string) => ({ code: 1, stderr: `x\tFATAL\tFatal error\trun error: ${text}` })
const refused = fatal('init error: failed to download artifact: connect: connection refused')

describe('scanTrivy', () => {
  test('nothing found passes, about the digest of the layout', async () => {
    const { result, digest } = await run({ report: cleanReport })
    await expect(result).resolves.toMatchObject({
      kind: 'passed',
      subject: { digest },
      because: 'no finding of CRITICAL or HIGH (0 critical, 0 high, 0 medium, 0 low, 0 unknown)',
    })
  })

  test('findings refuse, with counts, upgrades and evidence', async () => {
    const outcome = await (await run()).result
    expect(outcome).toMatchObject({
      kind: 'refused',
      evidence: {
        counts: { CRITICAL: 1, HIGH: 1, MEDIUM: 1, LOW: 1, UNKNOWN: 0 },
        trivy: '0.74.0',
        database: { repository: 'one/db:2', updatedAt: '2025-12-31T23:00:00.000Z' },
      },
    })
    expect(outputsOf(outcome)).toMatchObject({
      'critical-count': '1',
      'high-count': '1',
      'new-count': '4',
      'fixable-count': '2',
      'highest-severity': 'CRITICAL',
      'db-updated-at': '2025-12-31T23:00:00.000Z',
      upgrades: JSON.stringify([
        { pkg: 'libc6', installed: '2.36-9', to: '2.99-1', clears: 1 },
        { pkg: 'lodash', installed: '4.17.20', to: '4.17.21', clears: 1 },
      ]),
    })
    expect(outputsOf(outcome).sarif).toMatch(/\/sarif\/linux-amd64\.sarif$/)
    expect(summarize(outcome).findings?.map(({ title }) => title)).toEqual([
      'CRITICAL: aws-access-key-id',
      'HIGH: CVE-2021-23337',
    ])
  })

  test('what is shown and what refuses are two things in one scan', async () => {
    const { result, process } = await run({
      inputs: { 'fail-severity': 'UNKNOWN', 'report-severity': 'HIGH' },
    })
    const outcome = await result
    expect(outcome.kind).toBe('passed')
    expect(JSON.stringify(summarize(outcome).blocks)).not.toContain('glibc medium')
    expect(process.runs.filter(({ args }) => args[0] === 'image' && args.includes('--input'))).toHaveLength(1)
  })

  test('each platform of a layout is scanned, and the verdict is the worst', async () => {
    const platforms = [
      { os: 'linux', architecture: 'amd64' },
      { os: 'linux', architecture: 'arm64' },
    ]
    let turn = 0
    const { result, process } = await run({
      layout: { platforms },
      report: (id) => (turn++ === 0 ? cleanReport(id) : trivyReport(id)),
    })
    const outcome = await result
    expect(outcome).toMatchObject({
      kind: 'refused',
      refusing: [{ platforms: ['linux/arm64'] }, { platforms: ['linux/arm64'] }],
    })
    expect(process.runs.filter(({ args }) => args.includes('--input'))).toHaveLength(2)
    expect(outputsOf(outcome).sarif).toMatch(/\/sarif$/)
  })

  test('the SARIF files of several platforms have categories of their own, as code scanning demands', async () => {
    const platforms = ['amd64', 'arm64'].map((architecture) => ({ os: 'linux', architecture }))
    const { result } = await run({ layout: { platforms }, report: cleanReport, inputs: { formats: 'sarif' } })
    const directory = outputsOf(await result)['sarif'] ?? ''
    const ids = (await readdir(directory)).toSorted().map(async (name) => {
      const text = await readFile(join(directory, name), 'utf8')
      return (JSON.parse(text) as { runs: { automationDetails: { id: string } }[] }).runs[0]
        ?.automationDetails.id
    })
    await expect(Promise.all(ids)).resolves.toEqual(['scan-trivy/linux/amd64/', 'scan-trivy/linux/arm64/'])
  })

  test('a report on another image is a failure', async () => {
    const { result } = await run({ report: () => cleanReport(`sha256:${'0'.repeat(64)}`) })
    await expect(result).rejects.toMatchObject({ code: 'wrong-subject' })
  })

  test('Trivy stands in an empty directory with an ignore file of ours', async () => {
    const { result, process, ports } = await run({
      checkout: { '.trivyignore': 'CVE-2021-23337', 'trivy.yaml': 'exit-code: 0' },
    })
    await result
    for (const { options, args } of process.runs.filter((one) => one.options.cwd !== undefined)) {
      expect(options.cwd).not.toContain(ports.environment.workspace)
      expect(options.env?.['TRIVY_IGNOREFILE']).toContain('/alt-las/scan-trivy-')
      expect(args).not.toContain('.trivyignore')
    }
  })

  test('settings of Trivy that an earlier step left in the environment have no effect, and are named', async () => {
    const { result, process, log } = await run({ trivyVariables: ['TRIVY_IGNORE_STATUS', 'TRIVY_CONFIG'] })
    await result
    expect(log.lines.join('\n')).toContain('TRIVY_IGNORE_STATUS, TRIVY_CONFIG: no effect here')
    const uses = process.runs.filter(({ command }) => command === 'trivy')
    expect(uses.length).toBeGreaterThan(3)
    for (const { options } of uses) expect(options.keep).toContain('!TRIVY_*')
  })

  test('ended and unused ignore entries are warnings by name', async () => {
    const ignores = 'CVE-2021-44906\nCVE-0 exp:2025-01-01\nCVE-1'
    const outcome = await (await run({ checkout: { ignores }, inputs: { trivyignores: 'ignores' } })).result
    expect(
      summarize(outcome)
        .findings?.filter(({ effect }) => effect === 'warns')
        .map(({ message }) => message),
    ).toEqual([
      'trivyignores: the entry CVE-0 has expired; it ignores nothing',
      'trivyignores: the entry CVE-1 ignores nothing; remove it',
    ])
  })

  test('only what is new since the baseline refuses', async () => {
    const first = await (await run()).result
    const document = outcomeDocument('scan-trivy', { outcome: 'refused', evidence: first.evidence })
    const outcome = await (
      await run({ checkout: { 'last.json': JSON.stringify(document) }, inputs: { baseline: 'last.json' } })
    ).result
    expect(outcome).toMatchObject({ kind: 'passed', fresh: [] })
    expect(outputsOf(outcome)['new-count']).toBe('0')
  })

  test('a distribution without fixes is a warning', async () => {
    const ended = (id: string) => trivyReport(id).replace('"Name":"12.5"', '"Name":"9","EOSL":true')
    expect(summarize(await (await run({ report: ended })).result).findings?.at(-1)?.message).toContain(
      'debian 9 no longer gets security fixes',
    )
  })

  test('without vulnerabilities to look for no database is needed', async () => {
    const { result, process } = await run({ inputs: { scanners: 'secret' }, download: () => refused })
    await expect(result).resolves.toMatchObject({ evidence: { database: null } })
    expect(process.runs.some(({ args }) => args.includes('--download-db-only'))).toBe(false)
  })
})

describe('no verdict is a failure, never a pass and never a refusal', () => {
  test.each<[string, Scene, string]>([
    [
      'a scan that ends with an error',
      { scan: () => fatal('pipeline error: context deadline exceeded') },
      'scan-timeout',
    ],
    ['a scan that is killed', { scan: () => ({ code: null, endedBy: 'signal' }) }, 'scan-killed'],
    ['a scan that hangs', { scan: () => ({ code: null, endedBy: 'timeout' }) }, 'scan-timeout'],
    ['a scan that writes nothing', { scan: () => ({}) }, 'scan-unreadable'],
    ['a report that is cut off', { report: (id) => trivyReport(id).slice(0, 500) }, 'scan-unreadable'],
    ['no trivy', { installed: '0.73.0' }, 'scanner-missing'],
    ['no database', { download: () => refused }, 'database-unreachable'],
    [
      'an old database everywhere',
      { download: () => ({ updatedAt: '2025-12-01T00:00:00Z' }) },
      'database-old',
    ],
    ['a database of next year', { download: () => ({ updatedAt: '2027-01-01T00:00:00Z' }) }, 'database-old'],
    ['a database without a date', { download: () => ({ updatedAt: 'yesterday' }) }, 'database-old'],
    ['a layout that is not there', { inputs: { input: '/nowhere' } }, 'layout-missing'],
    ['an ignore file that is not there', { inputs: { trivyignores: 'nope' } }, 'bad-inputs'],
    ['a baseline that is not there', { inputs: { baseline: 'nope' } }, 'bad-inputs'],
    [
      'a baseline of another action',
      {
        inputs: { baseline: 'b' },
        checkout: { b: JSON.stringify(outcomeDocument('verify')) },
      },
      'bad-outcome-document',
    ],
    ['a directory that is not there', { inputs: { input: '', 'scan-ref': 'nope' } }, 'bad-inputs'],
  ])('%s', async (_, setting, code) => {
    await expect((await run(setting)).result).rejects.toMatchObject({ code })
  })

  test('an archive is told from a layout', async () => {
    const { root } = await scene()
    await writeFile(join(root, 'image.tar'), '')
    await expect((await run({ inputs: { input: join(root, 'image.tar') } })).result).rejects.toThrow(
      'is a file, expected the directory of an OCI layout',
    )
  })

  test('what the network broke is tried again', async () => {
    let turn = 0
    const { result } = await run({ scan: () => (turn++ === 0 ? fatal('503 Service Unavailable') : null) })
    await expect(result).resolves.toMatchObject({ kind: 'refused' })
  })

  test('an interruption says that there is no verdict', async () => {
    await expect(
      (await run({ scan: () => ({ code: null, endedBy: 'abort' }) })).result,
    ).rejects.toMatchObject({ code: 'interrupted' })
  })
})

describe('a scan that fails', () => {
  test('keeps digest, database, and the platforms that were scanned', async () => {
    const platforms = ['amd64', 'arm64'].map((architecture) => ({ os: 'linux', architecture }))
    let turn = 0
    const { result, known, digest } = await run({
      layout: { platforms },
      scan: () => (turn++ === 1 ? fatal('disk: no space left on device') : null),
    })
    await expect(result).rejects.toMatchObject({ code: 'disk-full' })
    expect(known()).toMatchObject({
      subject: { digest },
      evidence: {
        trivy: '0.74.0',
        database: { repository: 'one/db:2' },
        scanned: [{ platform: 'linux/amd64' }],
        counts: { CRITICAL: 1, HIGH: 1 },
      },
    })
    expect(known().timings.map(({ name }) => name)).toEqual([
      'target',
      'database',
      'scan linux/amd64',
      'scan linux/arm64',
    ])
  })
})

describe('the database', () => {
  const asked = ({ process }: { process: { runs: readonly { args: readonly string[] }[] } }) =>
    process.runs.flatMap(({ args }) =>
      args.includes('--download-db-only') ? [args[args.indexOf('--db-repository') + 1]] : [],
    )

  test('comes from the first repository that answers, also after a refused connection', async () => {
    const stage = await run({
      inputs: { attempts: '1' },
      download: (repository) => (repository === 'one/db:2' ? refused : {}),
    })
    await expect(stage.result).resolves.toMatchObject({
      evidence: { database: { repository: 'two/db:2', ageMs: 3_600_000 } },
    })
    expect(asked(stage)).toEqual(['one/db:2', 'two/db:2'])
    expect(stage.log.lines.join('\n')).toContain('warning: download of the database from one/db:2 failed')
  })

  test('that is too old gives way to the next mirror', async () => {
    const stage = await run({
      download: (repository) => (repository === 'one/db:2' ? { updatedAt: '2025-01-01T00:00:00Z' } : {}),
    })
    await expect(stage.result).resolves.toMatchObject({ evidence: { database: { repository: 'two/db:2' } } })
  })

  test('in the cache is used and named so, an old one in the cache is replaced', async () => {
    const cached = { UpdatedAt: '2025-12-31T20:00:00Z', DownloadedAt: '2025-12-31T21:00:00Z' }
    await expect((await run({ cached })).result).resolves.toMatchObject({
      evidence: { database: { repository: null, updatedAt: '2025-12-31T20:00:00.000Z' } },
    })
    await expect(
      (await run({ cached: { ...cached, UpdatedAt: '2025-01-01T00:00:00Z' } })).result,
    ).resolves.toMatchObject({ evidence: { database: { repository: 'one/db:2' } } })
  })

  test('of the wrong age says both ages', async () => {
    const { result } = await run({
      download: () => ({ updatedAt: '2025-12-01T00:00:00Z' }),
      inputs: { 'db-repository': 'one/db:2', 'max-db-age': '24h' },
    })
    await expect(result).rejects.toThrow(
      'one/db:2: updated at 2025-12-01T00:00:00.000Z, 744h00m ago, expected at most 24h00m',
    )
  })
})

describe('the scanner', () => {
  test('is fetched where PATH has another version, and must say that version', async () => {
    const wrong = await run({ installed: '0.73.0', install: () => Promise.resolve('/cache/trivy') })
    await expect(wrong.result).rejects.toThrow(
      'trivy 0.74.0 is not available: trivy on PATH is 0.73.0, not 0.74.0; /cache/trivy reports version 0.73.0, expected 0.74.0',
    )
  })
})
