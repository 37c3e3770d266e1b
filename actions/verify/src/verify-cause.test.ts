import { expect, test } from '@jest/globals'
import { Failure } from '@alt-las/failure'
import { toMarkdown } from '@alt-las/outcome'
import { readerFor } from '@alt-las/testing'
import { parse } from './inputs.ts'
import { documentsOf } from './testing/documents.ts'
import type { Ports } from './ports.ts'
import { ports } from './testing/ports.ts'
import { fakeHttp, reply } from './testing/wire.ts'
import { verify } from './verify.ts'

const actionYml = new URL('../action.yml', import.meta.url)
const inputs = (checks = 'health,api') =>
  parse(
    readerFor(actionYml, {
      namespace: 'shop',
      url: 'https://shop.example',
      'api-tests': 'tests.yaml',
      checks,
      ...(checks.includes('load') ? { rate: '10', duration: '2s' } : {}),
    }),
    documentsOf(),
  )

const clusterAway = () => {
  throw new Failure('unreachable', 'the API server does not answer', { fault: 'outside' })
}
const throwing = (error: Error) =>
  fakeHttp(() => {
    throw error
  })
const notAccepted = () => new Failure('not-accepted', 'connection refused', { fault: 'outside' })

test.each<[string, Partial<Ports>, 'service' | 'outside']>([
  ['the cluster does not answer', { cluster: clusterAway }, 'outside'],
  [
    'the name of the service has no address',
    { http: throwing(new Failure('unreachable', 'no address', { fault: 'outside' })) },
    'outside',
  ],
  ['the service accepts no connection', { http: throwing(notAccepted()) }, 'service'],
  ['an answer of the service breaks verify', { http: throwing(new RangeError('too deep')) }, 'service'],
  [
    'the service is wrong and the cluster does not answer',
    { http: fakeHttp(() => reply({ status: 500 })), cluster: clusterAway },
    'service',
  ],
])('a run that fails because %s names the cause', async (_, overrides, cause) => {
  const given = ports(overrides)
  await expect(verify(inputs(), given)).rejects.toMatchObject({ code: 'checks-not-done' })
  const { evidence, outputs, results } = given.known()
  expect({ evidence, outputs }).toMatchObject({ evidence: { cause }, outputs: { cause } })
  const said = cause === 'service' ? 'The cause is the verified service.' : 'The cause is not the verified'
  expect(toMarkdown({ title: '', ...results })).toContain(said)
})

test('a load of which nothing is accepted is the service, too', async () => {
  const given = ports({ http: throwing(notAccepted()) })
  await expect(verify(inputs('load'), given)).rejects.toThrow('not one request reached')
  expect(given.known().outputs).toMatchObject({ cause: 'service' })
})

test('a process that dies in a check leaves the service as the cause', async () => {
  const given: { died?: ReturnType<ReturnType<typeof ports>['known']> } = {}
  const http = fakeHttp(() => {
    given.died = running.known()
    return reply()
  })
  const running = ports({ http })
  await verify(inputs(), running)
  expect(given.died).toMatchObject({ outputs: { cause: 'service' }, evidence: { cause: 'service' } })
  expect(running.known()).toMatchObject({ outputs: { cause: '' }, evidence: { cause: null } })
})

test('an interruption has a cause only in a check that was against the release', async () => {
  for (const [status, cause] of [
    [200, ''],
    [500, 'service'],
  ] as const) {
    const abort = new AbortController()
    const log = {
      line: (text: string) => {
        if (text.includes('home')) abort.abort(new Error('interrupted by SIGINT'))
      },
    }
    const http = fakeHttp(() => reply({ status }))
    const given = ports({ http, interrupted: abort.signal, log: { ...ports().log, ...log } })
    await expect(verify(inputs('api,load'), given)).rejects.toThrow('interrupted by SIGINT')
    expect(given.known().outputs).toMatchObject({ cause })
  }
})

test('results that cannot be written are not the fault of a service that passed', async () => {
  const files = { ...ports().files, writeResult: () => Promise.reject(new Error('disk full')) }
  const given = ports({ files })
  await expect(verify(inputs(), given)).rejects.toThrow('disk full')
  expect(given.known()).toMatchObject({ outputs: { cause: 'outside' }, evidence: { cause: null } })
})
