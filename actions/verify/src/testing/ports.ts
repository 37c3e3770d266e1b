import { startDraft, type Known } from '@alt-las/runner'
import { prometheus } from '@alt-las/telemetry'
import { fakeClock, silentLog } from '@alt-las/testing'
import type { VerifyEvidence } from '../outcome.ts'
import type { Ports } from '../ports.ts'
import { clusterWith } from './cluster.ts'
import { deployment, pod } from './objects.ts'
import { fakeHttp, goodTls, reply } from './wire.ts'

export interface FakePorts extends Ports {
  /** Result files by name. */
  readonly written: ReadonlyMap<string, string>
  /** What a failed step's document would hold. */
  known(): Known
}

/** A healthy system behind every port; a test overrides what it is about. */
export function ports(overrides: Partial<Ports> = {}): FakePorts {
  const written = new Map<string, string>()
  const clock = overrides.clock ?? fakeClock()
  const { draft, known } = startDraft<VerifyEvidence>(() => clock.now())
  return {
    cluster: () => clusterWith([deployment(), pod()]),
    access: () => ({ heldBy: () => Promise.resolve([]), withoutCredentials: () => Promise.resolve(403) }),
    images: { settingsOf: () => Promise.resolve({ env: ['PATH=/bin'], history: ['COPY /app /app'] }) },
    nodes: () => ({ get: () => Promise.reject(new Error('no kubelet here')) }),
    metrics: () => prometheus(() => Promise.reject(new Error('no metrics here')), clock),
    logStore: () => prometheus(() => Promise.reject(new Error('no logs here')), clock),
    registry: { namesOf: () => Promise.resolve(new Set()) },
    http: fakeHttp((_, url) =>
      url.protocol === 'http:'
        ? reply({ status: 301, headers: { location: `https://${url.hostname}/` } })
        : reply({
            headers: {
              'content-type': 'application/json',
              'strict-transport-security': 'max-age=31536000',
            },
          }),
    ),
    tls: goodTls,
    files: {
      readNamed: () => Promise.resolve('tests: [{ name: home, request: { path: / } }]'),
      writeResult: (name, text) => {
        written.set(name, text)
        return Promise.resolve(`/results/${name}`)
      },
    },
    clock,
    log: silentLog(),
    draft,
    known,
    interrupted: new AbortController().signal,
    unique: 'u1',
    written,
    ...overrides,
  }
}
