import { describe, expect, test } from '@jest/globals'
import { toMarkdown } from '@alt-las/outcome'
import { fakeClock, rolloutTarget, silentLog } from '@alt-las/testing'
import type { PlannedService } from './inputs.ts'
import { releaseReport } from './release-report.ts'
import { stepNames } from './checklist/step.ts'
import { outputsOf, summarize } from './summary.ts'
import type { FoundFile } from './testing/documents.ts'
import { built, deployed, digestA, file, rolledBack, tested, verification } from './testing/documents.ts'
import { checkout } from './testing/checkout.ts'

async function reporting(files: readonly FoundFile[], services: readonly PlannedService[] = []) {
  const disk = checkout(files)
  const inputs = { service: null, outcomes: ['outcomes/*/outcome.json'], release: 'v1.2.0', services }
  const outcome = await releaseReport(inputs, { files: disk, clock: fakeClock(), log: silentLog() })
  const marks = Object.fromEntries(
    outcome.services.map(({ service, steps }) => [service, steps.map((step) => step.mark).join(' ')]),
  )
  return { outcome, marks, page: disk.written.get('release-report.html') ?? '' }
}

const all = 'passed passed passed passed passed passed'

describe('the report of a release', () => {
  test('says that it is in production and verified, and who did not take part', async () => {
    const files = [...built('web'), ...built('worker'), deployed('web'), verification]
    const { outcome, marks } = await reporting(files)
    expect(outcome.because).toBe('v1.2.0 is in production and verified: one service, all 3 checks passed')
    expect(marks).toEqual({ web: all, worker: 'passed passed passed passed not-planned not-planned' })
    expect(outputsOf(outcome)).toMatchObject({
      'release-outcome': 'passed',
      page: '/results/release-report.html',
    })
  })

  test('names the service that was rolled back, why, and what was brought back with it', async () => {
    const back = file('release', 'canary-deploy', {
      minute: 6,
      because: 'rolled back: web v1.1.0',
      subject: { target: 'shop' },
      evidence: {
        operation: 'rollback',
        targets: [rolloutTarget({ deployment: 'web', release: 'v1.1.0', verdict: 'rolled-back' })],
      },
    })
    const files = [...built('web'), ...built('gateway'), deployed('web'), rolledBack('gateway'), back]
    const { outcome, marks } = await reporting(files)
    expect(outcome.because).toBe(
      'v1.2.0 is not in production: gateway was rolled back, because 17 of 83 requests failed',
    )
    expect(outcome.kind).toBe('passed')
    expect(outcome.conclusion.outcome).toBe('refused')
    expect(marks).toEqual({
      web: 'passed passed passed passed brought-back not-reached',
      gateway: 'passed passed passed passed refused not-reached',
    })
  })

  test('says in part where one service was promoted and stayed', async () => {
    const { outcome } = await reporting([
      ...built('web'),
      ...built('gateway'),
      deployed('web'),
      rolledBack('gateway'),
    ])
    expect(outcome.because).toContain('v1.2.0 is in production only in part (web): gateway was rolled back')
  })

  test('distinguishes a scan that refuses from a scan that could not be done', async () => {
    const scan = (outcome: 'refused' | 'failed') =>
      reporting([
        file('web', 'build-image', { evidence: tested(true) }),
        file('web', 'scan-trivy', { minute: 1, outcome, because: 'x' }),
      ])
    const no = await scan('refused')
    expect(no.outcome.because).toBe('v1.2.0 is not in production: the scan refused web, because x')
    const broken = await scan('failed')
    expect(broken.outcome.because).toBe('v1.2.0 is not in production: web could not be scanned, because x')
    expect(broken.outcome.conclusion.outcome).toBe('failed')
    expect(broken.marks).toEqual({ web: 'passed passed failed not-reached not-reached not-reached' })
  })

  test('ticks no test that has not been seen, and says when the image was used again', async () => {
    const failed = await reporting([
      file('web', 'build-image', {
        outcome: 'refused',
        because: 'the tests failed',
        evidence: tested(false),
      }),
    ])
    expect(failed.marks['web']).toMatch(/^missing refused not-reached/)
    const unseen = await reporting([file('web', 'build-image')])
    expect(unseen.marks['web']).toMatch(/^passed missing/)
    const reused = await reporting([
      file('web', 'build-image', { evidence: { test: null, releasedAs: '1.2.0' } }),
    ])
    expect(reused.outcome.services[0]?.steps[1]).toEqual({
      step: 'test',
      mark: 'passed',
      because: 'not run again: 1.2.0 holds the image of exactly this commit',
    })
  })

  test('shows a planned step without a document as missing', async () => {
    const planned = [
      { name: 'web', steps: stepNames },
      { name: 'gone', steps: stepNames },
    ]
    const { outcome, marks } = await reporting([...built('web'), deployed('web'), verification], planned)
    expect(marks).toEqual({ web: all, gone: 'missing missing missing missing missing passed' })
    expect(outcome.because).toBe(
      'v1.2.0 is in production only in part (web): build of gone: no outcome of build-image was found',
    )
  })

  test('trusts no document about another digest', async () => {
    const other = { digest: `sha256:${'b'.repeat(64)}` }
    const files = [
      ...built('web').slice(0, 2),
      file('web', 'push-image', { minute: 2, subject: other }),
      deployed('web'),
      verification,
    ]
    const { outcome } = await reporting(files)
    expect(outcome.because).toContain(
      `push of web: it worked on sha256:${'b'.repeat(64)}, but ${digestA} was built`,
    )
  })

  test('a verification that says no, or could not be done, is no verified production', async () => {
    const verify = (outcome: 'refused' | 'failed') =>
      reporting([
        ...built('web'),
        deployed('web'),
        file('production', 'verify', { minute: 5, outcome, because: 'p95 is 900 ms' }),
      ])
    expect((await verify('refused')).outcome.because).toBe(
      'v1.2.0 is in production, but not verified: the verification refused it, because p95 is 900 ms',
    )
    expect((await verify('failed')).outcome.conclusion).toMatchObject({
      outcome: 'failed',
      because: 'it could not be verified, because p95 is 900 ms',
    })
  })

  test('is written even when nothing is found', async () => {
    const { outcome, page } = await reporting([])
    expect(outcome.because).toBe('v1.2.0 is not in production: no step left an outcome')
    expect(page).toContain('No outcome document was found.')
  })

  test('lists what is no outcome document, without hiding the others', async () => {
    const { outcome, page } = await reporting([
      ...built('web'),
      { path: 'outcomes/x/outcome.json', text: '{' },
    ])
    expect(outcome.entries).toHaveLength(3)
    expect(page).toContain('outcomes/x/outcome.json is not an outcome document: it is not JSON')
  })

  test('names a document with evidence of another shape, and goes on', async () => {
    const odd = file('web', 'verify')
    const text = odd.text.replace(/"checks":\[.*?\]/, '"checks":7')
    const { outcome } = await reporting([...built('web'), { ...odd, text }])
    expect(outcome.unreadable).toEqual([
      {
        path: odd.path,
        because: expect.stringContaining('"evidence.checks" is not array'),
      },
    ])
  })
})

describe('the page', () => {
  test('needs nothing from elsewhere and runs nothing', async () => {
    const { page } = await reporting([...built('web'), deployed('web'), rolledBack('gateway'), verification])
    expect(page).not.toMatch(/<script|<link|<img|url\(|@import|https?:\/\/(?!alt-las)/)
    expect(page).toContain("default-src 'none'")
  })

  test('cannot be written into by a document', async () => {
    const evil = '"><script>alert(1)</script>'
    const files = [
      ...built('web'),
      file('web', 'canary-deploy', {
        minute: 3,
        outcome: 'refused',
        because: evil,
        evidence: { targets: [rolloutTarget({ deployment: evil, release: evil })] },
      }),
    ]
    const { page, outcome } = await reporting(files)
    expect(page).not.toContain('<script>')
    expect(toMarkdown(summarize(outcome))).not.toContain('<script>')
  })

  test('shows weights, requests and errors of every rollout', async () => {
    const { page } = await reporting([...built('gateway'), rolledBack('gateway')])
    expect(page).toContain('6 (19.4%)')
    expect(page).toContain('share of traffic over time')
  })

  test('draws what was judged, of one target or of several in one document, each under its own name', async () => {
    const arm = { requests: 10, errors: 0, p95Ms: null }
    const stretch = { fromMs: 0, toMs: 5000, weightPercent: 10, canary: arm, stable: arm, value: 1 }
    const judgement = {
      value: 1,
      limit: 100,
      because: 'canary fails 0 %',
      steps: [],
      course: [stretch],
    }
    const targets = [
      rolloutTarget({ judgement, deployment: 'worker' }),
      rolloutTarget({ judgement, deployment: 'archive' }),
      rolloutTarget({ verdict: 'unchanged', deployment: 'idle' }),
    ]
    const files = [
      deployed('web', { evidence: { targets: [rolloutTarget({ judgement })] } }),
      deployed('release', { evidence: { targets } }),
    ]
    const { page } = await reporting(files)
    const titles = [...page.matchAll(/<title id="(.*?)">(.*?)</g)].map(([, id, title]) => [id, title])
    expect(titles).toEqual([
      ['course-0-title', 'The rollout of web over time'],
      ['course-1-title', 'The rollout of worker over time'],
      ['course-2-title', 'The rollout of archive over time'],
    ])
    expect(page).not.toContain('share of traffic over time')
    expect(page).toContain('<p class="soft">canary fails 0 %</p>')
  })
})

test('the summary is the sentence, the checklist and a folded timeline', async () => {
  const { outcome } = await reporting([...built('web'), deployed('web'), verification])
  const markdown = toMarkdown(summarize(outcome))
  expect(markdown.split('\n').slice(0, 7)).toEqual([
    '### ✅ v1.2.0 is in production and verified',
    '',
    'one service, all 3 checks passed',
    '',
    '|  | build | test | scan | push | deploy | verify |',
    '| --- | --- | --- | --- | --- | --- | --- |',
    '| web | ✅ | ✅ | ✅ | ✅ | ✅ | ✅ |',
  ])
  expect(markdown).toContain('<details><summary>Timeline: 5m30s in all</summary>')
})

describe('a document that is not valid', () => {
  const first = {
    schema: 'alt-las-delivery/outcome/v1',
    action: 'push-image',
    outcome: 'passed',
    because: 'pushed',
    subject: null,
    startedAt: '2026-11-22T16:02:00Z',
    finishedAt: '2026-11-22T16:02:01Z',
    timings: [],
    evidence: {},
  }

  test.each<[string, object | string]>([
    ['with a number as time', { ...first, startedAt: 5 }],
    ['with null as sentence', { ...first, because: null, schema: 'alt-las-delivery/outcome/v2' }],
    ['with null in its timings', { ...first, timings: [null] }],
    ['of an unknown version', { ...first, schema: 'alt-las-delivery/outcome/v9' }],
    ['of an unknown action', { ...first, action: 'toString' }],
    ['with objects for names', { ...first, action: 'verify', evidence: { uncovered: [{ toString: 1 }] } }],
    [
      'that leads out of the folder',
      { ...first, subject: { service: '../x' }, schema: 'alt-las-delivery/outcome/v2' },
    ],
    ['cut off', '{"schema":"alt-las-delivery/outcome/v1","act'],
    ['that is a list', '[]'],
  ])('%s is one row, and the page and the summary come out', async (_, content) => {
    const text = typeof content === 'string' ? content : JSON.stringify(content)
    const files = [...built('web'), deployed('web'), verification, { path: 'outcomes/x/bad.json', text }]
    const { outcome, page } = await reporting(files)
    expect(outcome.unreadable).toHaveLength(1)
    expect(outcome.conclusion.outcome).toBe('passed')
    expect(page).toContain('outcomes/x/bad.json is not an outcome document')
    expect(toMarkdown(summarize(outcome))).toContain('bad.json is not an outcome document')
  })

  test('of the first version is read, and its markup stays text', async () => {
    const hostile = { ...first, because: '<script>alert(1)</script>', outcome: 'failed' }
    const path = 'outcomes/outcome-old-push-image/outcome.json'
    const { outcome, page } = await reporting([{ path, text: JSON.stringify(hostile) }])
    expect(outcome.unreadable).toEqual([])
    expect(outcome.services.map(({ service }) => service)).toEqual(['old'])
    expect(page).not.toContain('<script>')
    expect(page).toContain('&lt;script&gt;')
  })
})
