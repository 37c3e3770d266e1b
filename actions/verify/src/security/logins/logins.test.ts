import { describe, expect, test } from '@jest/globals'
import type { Service, Workload } from '@alt-las/kubernetes'
import { deployment } from '../../testing/objects.ts'
import { findLogins } from './find-logins.ts'
import { judgeLogin } from './judge-login.ts'
import type { LoginAnswer } from './login-script.ts'

function running(name: string, image: string): Workload {
  const one = deployment(name)
  const containers = [{ name, image }]
  const template = { ...one.spec.template, spec: { ...one.spec.template.spec, containers } }
  return { ...one, spec: { ...one.spec, template } } as Workload
}
const service = (name: string, port: number): Service => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name, namespace: 'shop' },
  spec: { selector: { app: name }, ports: [{ port }, { port: 9187 }] },
})

describe('the logins of a namespace', () => {
  const workloads = [
    running('db', 'docker.io/library/postgres:15-bookworm'),
    running('web', 'ghcr.io/x/web@sha256:a'),
  ]
  const services = [service('db', 5432), service('web', 80)]

  test('are those of the Services in front of known programs', () => {
    expect(findLogins({ workloads, services }, { logins: [], allowed: [] })).toEqual([
      { kind: 'postgresql', host: 'db', port: 5432, from: null },
    ])
  })

  test('are tried from a client that may connect', () => {
    const allowed = [{ from: 'web', host: 'db.shop', port: 5432 }]
    expect(findLogins({ workloads, services }, { logins: [], allowed })).toMatchObject([{ from: 'web' }])
  })

  test('of the policy come first, and are not found twice', () => {
    const logins = [
      { kind: 'postgresql', address: 'db:5432', from: 'web' },
      { kind: 'grafana', address: 'grafana.monitoring:3000' },
    ] as const
    expect(findLogins({ workloads, services }, { logins: [...logins], allowed: [] })).toEqual([
      { kind: 'postgresql', host: 'db', port: 5432, from: 'web' },
      { kind: 'grafana', host: 'grafana.monitoring', port: 3000, from: null },
    ])
  })
})

describe('a login that was tried', () => {
  const login = { kind: 'postgresql', host: 'db', port: 5432, from: null } as const
  const judged = (result: LoginAnswer['result'], kind: 'postgresql' | 'prometheus' = 'postgresql') =>
    judgeLogin({ ...login, kind }, { result, user: 'postgres', detail: 'd' })

  test('is refused where a well-known password works, and names no password', () => {
    const found = judged('accepted')
    expect(found).toMatchObject({ ok: false, cause: 'outside' })
    expect(found.because).toBe('PostgreSQL at db:5432 accepts a well-known password for the user postgres')
  })

  test('is refused where none is asked for; Prometheus has no login of its own', () => {
    expect(judged('open').because).toBe('PostgreSQL at db:5432 lets anyone in: d')
    expect(judged('open', 'prometheus')).toMatchObject({
      ok: true,
      because: expect.stringContaining('no login'),
    })
  })

  test.each(['unreachable', 'unclear'] as const)('is named as not checked where it is %s', (result) => {
    expect(judged(result).notChecked).toEqual([expect.stringContaining('PostgreSQL at db:5432')])
  })
})
