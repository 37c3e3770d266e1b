import { describe, expect, test } from '@jest/globals'
import { outputsOf } from './summary.ts'
import { built, deployed, file, verification } from './testing/documents.ts'
import { reporting } from './testing/reporting.ts'

describe('the days after a release', () => {
  const monitored = (outcome: 'passed' | 'refused', cause: 'service' | 'outside' = 'service') =>
    file('release', 'verify', {
      minute: 90,
      outcome,
      because:
        outcome === 'passed' ? 'all 4 checks passed' : '1 of 4 checks was refused: traffic of web: slow',
      evidence: {
        cause: outcome === 'passed' ? null : cause,
        checks: [
          {
            kind: 'monitor',
            name: 'traffic of web',
            outcome,
            because: outcome === 'passed' ? 'fine' : 'slow',
            durationMs: 1,
          },
        ],
      },
    })
  const planned = [{ name: 'web', steps: ['monitor'] as const }]
  const github = { issue: 'monitor', startWorkflow: 'rollback.yaml', githubToken: 't' }

  test('are a step of the checklist beside those of the release', async () => {
    const { outcome, marks } = await reporting([
      ...built('web'),
      deployed('web'),
      verification,
      monitored('passed'),
    ])
    expect(marks).toEqual({ web: Array(7).fill('passed').join(' ') })
    expect(outcome.because).toContain('v1.2.0 is in production and verified')
  })

  test('are reported alone, and open no issue where they pass', async () => {
    const { outcome, told } = await reporting([monitored('passed')], planned, github)
    expect(outcome.because).toBe('v1.2.0 passes its monitoring: all 4 checks passed')
    expect(outcome.conclusion.outcome).toBe('passed')
    expect(told).toEqual([])
  })

  test('open one issue and start the rollback where the service is the cause', async () => {
    const { outcome, told } = await reporting([monitored('refused')], planned, github)
    expect(outcome.conclusion.headline).toBe('v1.2.0 does not pass its monitoring')
    expect(told).toEqual(['rollback.yaml on main', 'v1.2.0 does not pass its monitoring'])
    expect(outputsOf(outcome)).toMatchObject({ issue: 'https://github.com/o/r/issues/7' })
  })

  test('start no rollback where something else is the cause, nor where nothing was monitored', async () => {
    expect((await reporting([monitored('refused', 'outside')], planned, github)).told).toHaveLength(1)
    const { told, marks } = await reporting([], planned, github)
    expect(told).toEqual(['v1.2.0 does not pass its monitoring'])
    expect(marks['web']).toMatch(/ missing$/)
  })
})
