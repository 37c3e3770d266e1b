import { describe, expect, test } from '@jest/globals'
import { outcomeDocument, rolloutTarget } from '@alt-las/testing'
import { actionNames, maxDocumentBytes, outcomeSchema, parse, parseOf } from './index.ts'

const text = (value: unknown) => JSON.stringify(value)
const path = 'outcomes/web/verify.json'

describe('parse', () => {
  test.each(actionNames)('reads back what %s wrote', (action) => {
    const document = outcomeDocument(action)
    expect(parse(text(document), path)).toEqual(document)
  })

  test('a failed step keeps the evidence that it had, one that came to a conclusion has all of it', () => {
    const { checks, ...rest } = outcomeDocument('verify').evidence
    const failed = { ...outcomeDocument('verify'), outcome: 'failed', evidence: { checks } }
    expect(parse(text(failed), path)).toEqual(failed)
    const partial = { ...failed, outcome: 'passed', evidence: rest }
    expect(() => parse(text(partial), path)).toThrow('"evidence.checks" is not array')
  })

  test('fields of a newer writer are left out', () => {
    const newer = { ...outcomeDocument('verify'), mood: 'fine' }
    expect(parse(text(newer), path)).toEqual(outcomeDocument('verify'))
  })

  test.each<[string, string]>([
    ['{', 'it is not JSON'],
    ['3', 'it is not an object'],
    ['null', 'it is not an object'],
    ['[]', 'it is not an object'],
    ['{}', `its schema is missing, expected ${outcomeSchema}`],
    ['{"schema":{}}', `its schema is an object, expected ${outcomeSchema}`],
    ['{"schema":"alt-las-delivery/outcome/v9"}', 'its schema is "alt-las-delivery/outcome/v9"'],
    [text({ schema: outcomeSchema, action: '<b>'.repeat(99) }), 'its action is "<b><b>'],
    [text({ ...outcomeDocument('verify'), outcome: 'green' }), '"outcome" is not'],
    [text({ ...outcomeDocument('verify'), because: 3 }), '"because" is not string'],
    [text({ ...outcomeDocument('verify'), subject: { service: '../..' } }), '"subject.service" is not'],
    [text({ ...outcomeDocument('verify'), startedAt: 'yesterday' }), '"startedAt" is not'],
  ])('%s is refused: %s', (document, why) => {
    expect(() => parse(document, path)).toThrow(`${path} is not an outcome document: `)
    expect(() => parse(document, path)).toThrow(why)
  })

  test('a number that is no number of this world is refused', () => {
    const document = text(outcomeDocument('verify')).replace('"durationMs":3', '"durationMs":1e999')
    expect(() => parse(document, path)).toThrow('"evidence.checks.0.durationMs" is not')
  })

  test('refuses by one Failure that quotes no value of the document', () => {
    const evil = `::error::${'x'.repeat(500)}`
    const document = text({ ...outcomeDocument('verify'), outcome: evil, timings: [evil], because: 1 })
    let thrown: unknown
    try {
      parse(document, path)
    } catch (error) {
      thrown = error
    }
    expect(thrown).toMatchObject({ code: 'bad-outcome-document', fault: 'input' })
    expect((thrown as Error).message).not.toContain('::error::')
  })

  test('ends at once on what is too large or too deep', () => {
    expect(() => parse(' '.repeat(maxDocumentBytes + 1), path)).toThrow('expected at most')
    expect(() => parse('['.repeat(1_000_000), path)).toThrow('is not an outcome document')
    expect(() => parse(`{"schema":${'{"a":'.repeat(500_000)}`, path)).toThrow('is not an outcome document')
  })
})

describe('parseOf', () => {
  test("refuses another action's document by name", () => {
    const document = text(outcomeDocument('verify'))
    expect(parseOf('verify', document, path).evidence.namespace).toBe('production')
    expect(() => parseOf('scan-trivy', document, path)).toThrow(
      'it was written by verify, expected scan-trivy',
    )
  })
})

describe('a document of the version before', () => {
  const old = {
    schema: 'alt-las-delivery/outcome/v1',
    outcome: 'passed',
    because: 'all is well',
    subject: { target: 'production/web' },
    startedAt: '2026-11-22T16:00:00.000Z',
    finishedAt: '2026-11-22T16:00:30.000Z',
    timings: [{ name: 'build', startedAt: 1000, finishedAt: 2000 }],
  }
  const at = 'outcomes/outcome-api-canary-deploy/outcome.json'

  test('gets units, and the service of its folder', () => {
    const rest = { kind: 'health', name: 'web', outcome: 'passed', because: 'all pods' }
    const check = { ...rest, ms: 3 }
    const evidence = { url: null, namespace: 'production', checks: [check], load: null, uncovered: null }
    const document = parse(
      text({ ...old, action: 'verify', evidence }),
      'outcomes/outcome-api-verify/outcome.json',
    )
    expect(document).toMatchObject({
      schema: outcomeSchema,
      subject: { service: 'api', target: 'production/web' },
      timings: [{ name: 'build', startedAtMs: 1000, finishedAtMs: 2000 }],
      evidence: { checks: [{ ...rest, durationMs: 3 }] },
    })
  })

  test('of one rollout has its target in a list, latencies in milliseconds', () => {
    const arm = { requests: 10, errors: 0, p95: 0.25 }
    const evidence = {
      verdict: 'promoted',
      release: 'v1.0.0',
      image: 'web@sha256:0',
      previousImage: null,
      weight: 0,
      strategy: 'canary',
      value: 2,
      limit: 100,
      judge: 'as good',
      steps: [
        { weight: 5, canary: { requests: 1, errors: 0 }, stable: { requests: 9, errors: 0 }, blocks: 2 },
      ],
      course: [{ from: 0, to: 5000, weight: 5, canary: arm, stable: arm, evidence: 2 }],
      synthetic: null,
      cause: null,
      timeline: [{ at: 7, phase: 'prepare', weight: 0, because: 'x' }],
    }
    const document = parseOf('canary-deploy', text({ ...old, action: 'canary-deploy', evidence }), at)
    const armNow = { requests: 10, errors: 0, p95Ms: 250 }
    expect(document.evidence.targets).toEqual([
      rolloutTarget({
        because: '',
        release: 'v1.0.0',
        image: 'web@sha256:0',
        judgement: {
          value: 2,
          limit: 100,
          because: 'as good',
          steps: [
            {
              weightPercent: 5,
              canary: { requests: 1, errors: 0 },
              stable: { requests: 9, errors: 0 },
              blocks: 2,
            },
          ],
          course: [{ fromMs: 0, toMs: 5000, weightPercent: 5, canary: armNow, stable: armNow, value: 2 }],
        },
        timeline: [{ atMs: 7, phase: 'prepare', weightPercent: 0, because: 'x' }],
      }),
    ])
  })

  test('of a failed step may have no evidence at all, and no subject', () => {
    for (const action of actionNames) {
      const failed = { ...old, action, outcome: 'failed', subject: null, evidence: {} }
      expect(parse(text(failed), 'x/outcome.json')).toMatchObject({
        evidence: {},
        subject: { service: 'release' },
      })
    }
  })

  test.each([null, 3, 'x', [], [3], { targets: [null, 1], checks: [[]], platforms: 7, load: 1, blobs: [1] }])(
    'with the evidence %j is refused, not read wrongly',
    (evidence) => {
      for (const action of actionNames.filter((one) => one !== 'canary-deploy'))
        expect(() => parse(text({ ...old, action, evidence }), at)).toThrow('is not an outcome document')
      readable(text({ ...old, action: 'canary-deploy', evidence }))
    },
  )
})

/** Either a document or the one Failure. */
function readable(document: string): void {
  try {
    parse(document, 'x.json')
  } catch (error) {
    expect(error).toMatchObject({ code: 'bad-outcome-document' })
  }
}
