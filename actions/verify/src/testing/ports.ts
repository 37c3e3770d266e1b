import { fakeClock, silentLog } from '@alt-las/testing'
import type { Ports } from '../ports.ts'
import { clusterWith } from './cluster.ts'
import { deployment, pod } from './objects.ts'
import { fakeHttp, goodHandshake, reply } from './wire.ts'

export function ports(overrides: Partial<Ports> = {}): Ports & { readonly written: Map<string, string> } {
  const written = new Map<string, string>()
  return {
    cluster: clusterWith([deployment(), pod()]),
    registry: { namesOf: () => Promise.resolve(new Set()) },
    http: fakeHttp((_, url) =>
      url.protocol === 'http:'
        ? reply({ status: 301, headers: { location: `https://${url.hostname}/` } })
        : reply(),
    ),
    tls: { handshake: () => Promise.resolve(goodHandshake), accepts: () => Promise.resolve(false) },
    files: {
      read: () => Promise.resolve('tests: [{ name: home, request: { path: / } }]'),
      write: (name, text) => {
        written.set(name, text)
        return Promise.resolve(`/results/${name}`)
      },
    },
    clock: fakeClock(),
    log: silentLog(),
    interrupted: new AbortController().signal,
    unique: 'u1',
    written,
    ...overrides,
  }
}
