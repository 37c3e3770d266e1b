import { describe, expect, test } from '@jest/globals'
import { presets, type Prometheus, type Series } from '@alt-las/telemetry'
import type { Pod } from '@alt-las/kubernetes'
import { deployment, pod, service } from '../testing/objects.ts'
import { judgeBackups, type CronJob } from './judge-backups.ts'
import { judgeLogs } from './judge-logs.ts'
import { judgeRestarts } from './judge-restarts.ts'
import { judgeTraffic } from './judge-traffic.ts'
import { backendsOf, measureTraffic, type Measured } from './measure-traffic.ts'

const now = Date.UTC(2026, 5, 10, 12)
const hour = 3_600_000

describe('the traffic of a service', () => {
  const limits = { maxErrorRate: 0.001, maxP95Ms: null, maxSlowdown: 0.2 }
  const of = (own: Partial<Measured> = {}): Measured => ({ requests: 10_000, errors: 0, p95Ms: 100, ...own })
  const judged = (own: Partial<Measured>, before: Measured | null = of(), week: Measured | null = of()) =>
    judgeTraffic('web', { now: of(own), releaseBefore: before, weekBefore: week }, limits)

  test('passes within the limits, and says what it was compared with', () => {
    expect(judged({ errors: 10, p95Ms: 119 })).toEqual({
      ok: true,
      because:
        '10000 requests, 0.1% errors, p95 119 ms; the release before: 10000 requests, 0% errors, p95 100 ms; the week before: 10000 requests, 0% errors, p95 100 ms',
    })
  })

  test('is refused for too many errors, whatever was before', () => {
    expect(judged({ errors: 11 }).because).toBe('11 of 10000 requests failed (0.11%), allowed: 0.1%')
  })

  test('is refused where it is slower than both times before, and not for the time of day', () => {
    expect(judged({ p95Ms: 140 }).because).toBe(
      'the p95 is 140 ms, more than 20% above 100 ms of the release before and 100 ms of the week before',
    )
    expect(judged({ p95Ms: 140 }, of(), of({ p95Ms: 150 })).ok).toBe(true)
  })

  test('names the times of which nothing is known, and is judged by the other', () => {
    const found = judged({ p95Ms: 140 }, of(), null)
    expect(found.ok).toBe(false)
    expect(found.notChecked).toEqual(['web against the week before: fewer than 100 requests are known of it'])
  })

  test('is not judged by a few requests', () => {
    const found = judged({ requests: 99, errors: 99 })
    expect(found).toMatchObject({ ok: true, because: expect.stringContaining('not judged: 99 requests') })
    expect(found.notChecked).toEqual([expect.stringContaining('traffic of web')])
  })

  test('is measured by a few numbers of each window, at its moment', async () => {
    const asked: (readonly [string, number | undefined])[] = []
    const series = (value: number, code: string): Series => ({
      labels: { code },
      samples: [{ at: 0, value }],
      histograms: [],
    })
    const source: Prometheus = {
      query: (promql, at) => {
        asked.push([promql, at])
        if (promql.startsWith('histogram_quantile')) return Promise.resolve([series(0.12, '')])
        return Promise.resolve([series(900, '200'), series(3, '503'), series(50, '499')])
      },
      startedAt: () => Promise.resolve(null),
    }
    const [own] = service('web', true)
    const backends = backendsOf(deployment('web'), [own as never])
    expect(backends).toMatchObject([{ namespace: 'shop', service: 'web', deployment: 'web' }])
    const preset = presets['traefik'] as NonNullable<(typeof presets)[string]>
    const seen = await measureTraffic(
      backends,
      { now, releasedAt: now - 2 * hour, windowMs: hour, preset },
      source,
    )
    // A request that the client gave up is not finished.
    expect(seen.now).toEqual({ requests: 903, errors: 3, p95Ms: 120 })
    expect(new Set(asked.map(([, at]) => at))).toEqual(new Set([now, now - 2 * hour, now - 7 * 24 * hour]))
    expect(asked[0]?.[0]).toMatch(/^increase\(traefik_service_requests_total\{.*\}\[3600s\]\)$/)
  })
})

test('restarts count where they fell into the time, with their reason', () => {
  const ended = (at: number, reason: string): Pod => {
    const given = pod()
    const terminated = { exitCode: 137, reason, finishedAt: new Date(at).toISOString() }
    const status = { name: 'web', ready: true, restartCount: 1, lastState: { terminated } }
    return { ...given, status: { ...given.status, containerStatuses: [status] } }
  }
  const since = now - hour
  expect(judgeRestarts([ended(now - 2 * hour, 'OOMKilled'), pod()], { since, most: 0 }).ok).toBe(true)
  expect(judgeRestarts([ended(now - 60_000, 'OOMKilled')], { since, most: 0 }).because).toBe(
    'one container has restarted, allowed: 0: web-1 (web): OOMKilled with exit code 137',
  )
  expect(judgeRestarts([ended(now - 60_000, 'OOMKilled')], { since, most: 1 }).ok).toBe(true)
})

describe('the log store', () => {
  const store = (all: number, errors: number): Prometheus => ({
    query: (promql) => {
      const value = promql.includes('|~') ? errors : all
      return Promise.resolve([{ labels: {}, samples: [{ at: 0, value }], histograms: [] }])
    },
    startedAt: () => Promise.resolve(null),
  })
  const judged = (all: number, errors: number) =>
    judgeLogs({ namespace: 'shop', now, windowMs: hour, maxLogErrors: 0.01 }, store(all, errors))

  test.each([
    [10_000, 100, true],
    [10_000, 101, false],
  ])('with %i lines and %i errors passes: %s', async (all, errors, ok) => {
    await expect(judged(all, errors)).resolves.toMatchObject({ ok })
  })

  test('without lines is named as not checked: its collector may be down', async () => {
    const found = await judged(0, 0)
    expect(found.notChecked).toEqual([expect.stringContaining('0 lines with the label namespace="shop"')])
  })
})

describe('the backups', () => {
  const job = (name: string, status: CronJob['status'], own: Partial<CronJob['spec']> = {}): CronJob => ({
    apiVersion: 'batch/v1',
    kind: 'CronJob',
    metadata: { name, creationTimestamp: new Date(now - 100 * hour).toISOString() },
    spec: own,
    ...(status === undefined ? {} : { status }),
  })
  const before = (hours: number) => ({ lastSuccessfulTime: new Date(now - hours * hour).toISOString() })
  const judged = (...jobs: readonly CronJob[]) => judgeBackups(jobs, { now, maxAgeMs: 26 * hour })

  test('pass where each succeeded lately; one that is run by hand does not count', () => {
    const found = judged(
      job('backup', before(10)),
      job('restore-test', before(8)),
      job('restore', {}, { suspend: true }),
    )
    expect(found).toEqual({
      ok: true,
      because: 'backup succeeded 10 hours ago; restore-test succeeded 8 hours ago',
    })
  })

  test('are refused where one is too old or never succeeded, and not as a fault of the service', () => {
    const found = judged(job('backup', before(40)), job('restore-test', {}))
    expect(found).toMatchObject({ ok: false, cause: 'outside' })
    expect(found.because).toBe(
      'backup succeeded 40 hours ago, expected at most 26 hours; restore-test has never succeeded, expected at most 26 hours',
    )
  })

  test('that are not due yet, or not there, are named', () => {
    const young = { name: 'backup', creationTimestamp: new Date(now - hour).toISOString() }
    expect(judged({ ...job('backup', {}), metadata: young }).notChecked).toEqual([
      'backup: it is 1 hours old and has not run yet',
    ])
    expect(judged().notChecked).toHaveLength(1)
  })
})
