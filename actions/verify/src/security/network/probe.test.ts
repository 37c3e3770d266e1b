import { createServer, type AddressInfo } from 'node:net'
import { mkdtemp, readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { systemProcess } from '@alt-las/process'
import { deployment } from '../../testing/objects.ts'
import { judgeCoverage, judgeTrial } from './check-network.ts'
import { probePod } from './probe-pod.ts'
import { probeScript, type Attempted, type ProbeAnswer } from './probe-script.ts'

describe('the probe', () => {
  test('distinguishes an open port, a closed one, and a name that does not exist', async () => {
    const server = createServer((socket) => socket.end())
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    const attempts: readonly Attempted[] = [
      { host: 'no-such-name.invalid', address: null, port: 1, expect: 'closed' },
      { host: 'unused', address: '127.0.0.1', port: 1, expect: 'closed' },
      { host: '127.0.0.1', address: null, port, expect: 'open' },
    ]
    const message = join(await mkdtemp(join(tmpdir(), 'probe-')), 'message')
    await systemProcess.run(process.execPath, ['-e', probeScript, '--', JSON.stringify(attempts), message])
    server.close()
    const answers = JSON.parse(await readFile(message, 'utf8')) as readonly ProbeAnswer[]
    expect(answers).toMatchObject([
      { result: 'no-name', tries: 1 },
      { result: 'refused', detail: 'ECONNREFUSED', tries: 2 },
      { result: 'open', detail: `127.0.0.1:${port}`, tries: 1 },
    ])
  })

  test('does not take what opens before the network knows the pod for an allowed connection', async () => {
    const server = createServer((socket) => socket.end())
    // As a policy that is applied late: the first connection is the last.
    server.once('connection', () => server.close())
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    const attempts: readonly Attempted[] = [{ host: '127.0.0.1', address: null, port, expect: 'open' }]
    const message = join(await mkdtemp(join(tmpdir(), 'probe-')), 'message')
    await systemProcess.run(process.execPath, ['-e', probeScript, '--', JSON.stringify(attempts), message])
    const answers = JSON.parse(await readFile(message, 'utf8')) as readonly ProbeAnswer[]
    expect(answers).toMatchObject([{ result: 'refused', detail: 'ECONNREFUSED', tries: 4 }])
  })

  test('passes the restricted level, carries the labels of whom it stands for, and can never serve', () => {
    const labels = { app: 'web', 'pod-template-hash': 'abc' }
    const { metadata, spec } = probePod({
      name: 'p',
      namespace: 'shop',
      image: 'x',
      labels,
      script: '',
      attempts: [],
    })
    expect(metadata.labels).toEqual({ app: 'web', 'delivery.alt-las.dev/verify-probe': 'true' })
    expect(spec).toMatchObject({
      automountServiceAccountToken: false,
      readinessGates: [{ conditionType: 'delivery.alt-las.dev/verify-probe' }],
      securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
      containers: [
        {
          securityContext: {
            allowPrivilegeEscalation: false,
            readOnlyRootFilesystem: true,
            capabilities: { drop: ['ALL'] },
          },
        },
      ],
    })
  })
})

test('workloads from whose labels no denied connection was tried are named', () => {
  const connection = { from: 'web', host: 'db', port: 5432 }
  const asked = [{ connection, expect: 'closed' as const }]
  const both = judgeCoverage(asked, [deployment('web'), deployment('db')])
  expect(both).toEqual({
    ok: true,
    because: '1 connections were tried, denied ones from 1 of 2 workloads',
    notChecked: ['connections from db that must be closed'],
  })
  expect(judgeCoverage(asked, [deployment('web')]).notChecked).toBeUndefined()
})

describe('a connection that was tried', () => {
  const connection = { from: null, host: 'db', port: 5432 }
  const trial = (expect: 'open' | 'closed', result: ProbeAnswer['result'], ready: boolean | null = true) => ({
    connection,
    expect,
    answer: { result, detail: 'd', tries: 2 },
    target: { address: null, ready },
  })

  test.each([
    ['open', 'open', true],
    ['open', 'silent', false],
    ['open', 'refused', false],
    ['open', 'no-name', false],
    ['closed', 'open', false],
    ['closed', 'silent', true],
    ['closed', 'refused', true],
  ] as const)('must be %s and is %s: %s', (wanted, result, ok) => {
    expect(judgeTrial(trial(wanted, result)).ok).toBe(ok)
  })

  test.each([trial('closed', 'no-name'), trial('closed', 'error'), trial('closed', 'silent', false)])(
    'proves nothing: %j',
    (one) => {
      expect(() => judgeTrial(one)).toThrow(expect.objectContaining({ code: 'not-tried' }))
    },
  )
})
