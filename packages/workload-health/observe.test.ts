import { readFileSync } from 'node:fs'
import { describe, expect, test } from '@jest/globals'
import { Failure } from '@alt-las/failure'
import type { KubeObject, Workload } from '@alt-las/kubernetes'
import { fakeCluster } from '@alt-las/simulated-cluster'
import { observeReadiness } from './observe.ts'

function world(name: string, log: (previous: boolean) => string) {
  const text = readFileSync(new URL(`recorded/${name}.json`, import.meta.url), 'utf8')
  const recorded = JSON.parse(text) as Record<'pods' | 'events' | 'replicaSets', readonly KubeObject[]> & {
    readonly workload: Workload
    readonly recordedAt: string
  }
  const typed = (apiVersion: string, kind: string, objects: readonly KubeObject[]) =>
    objects.map((object) => ({ ...object, apiVersion, kind, metadata: labelled(object) }))
  const labelled = ({ metadata }: KubeObject) => ({ ...metadata, labels: { app: name, ...metadata.labels } })
  const cluster = fakeCluster({
    objects: [
      ...typed('v1', 'Pod', recorded.pods),
      ...typed('v1', 'Event', recorded.events),
      ...typed('apps/v1', 'ReplicaSet', recorded.replicaSets),
    ],
    log: (_at, { previous }) => log(previous === true),
  })
  return {
    cluster,
    look: () => observeReadiness(recorded.workload, Date.parse(recorded.recordedAt), cluster),
  }
}

describe('observeReadiness', () => {
  test('a crash is told with the last lines of its log, without the secrets in them', async () => {
    const { look } = world('crash', () => 'a\nb\nc\nd\n\nTOKEN=abc\nfatal: no config\n')
    const { because } = await look()
    expect(because).toBe(
      'crash: container app crashes again and again: exit code 3, 1 restart; last log lines: b | c | d | TOKEN=*** | fatal: no config',
    )
  })

  test('a line of a megabyte is cut before it is searched for secrets, and hides no other line', async () => {
    const { look } = world(
      'crash',
      () => `fatal: PASSWORD=abc ${'a'.repeat(1_000_000)}\nbye\n${'-eyJ'.repeat(250_000)}\n`,
    )
    expect((await look()).because).toContain('last log lines: fatal: PASSWORD=*** … | bye | …')
  })

  test('a key of several lines is none of the last lines', async () => {
    const key = ['-----BEGIN PRIVATE KEY-----', 'c2hvcnQ', '-----END PRIVATE KEY-----']
    const { look } = world('crash', () => ['using', ...key, 'fatal'].join('\n'))
    expect((await look()).because).toContain('last log lines: using | *** | fatal')
  })

  test('where the earlier log is gone, the present one is read; where neither can be, the reason stands alone', async () => {
    const gone = () => {
      throw new Failure('not-found', 'no log', { fault: 'outside' })
    }
    const present = world('crash', (previous) => (previous ? gone() : 'now'))
    expect((await present.look()).because).toContain('last log lines: now')
    const neither = world('crash', gone)
    expect((await neither.look()).because).toMatch(/1 restart$/)
  })

  test('of what is ready neither events nor logs are read', async () => {
    const { look, cluster } = world('healthy', () => '')
    expect(await look()).toMatchObject({ kind: 'ready' })
    expect(cluster.calls.map(({ at }) => at.kind)).toEqual(['Pod', 'ReplicaSet'])
  })

  test('a log is read only of a container that has ended', async () => {
    const { look, cluster } = world('pull-missing', () => 'x')
    expect(await look()).toMatchObject({ kind: 'failed', cause: { kind: 'image-pull' } })
    expect(cluster.calls.some(({ verb }) => verb === 'log')).toBe(false)
  })
})
