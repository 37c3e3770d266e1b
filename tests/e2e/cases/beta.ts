import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fetchAll, systemHttp } from '@alt-las/http'
import { addresses } from '../../../lab/addresses.ts'
import { certificateSecret } from '../environment/environment.ts'
import { verifyEnvironment } from '../environment/verify.ts'
import { saidBy } from '../defects/plant.ts'
import { startAction } from '../rollouts/runner.ts'
import { written } from '../rollouts/target.ts'
import type { Stack } from '../stack.ts'
import type { Case } from './case.ts'

const root = join(import.meta.dirname, '../../..')
const namespace = 'atlas-beta'
const host = 'beta.alt-las.example.com'
/** The gateway last: it is ready when it has seen the others. */
const order = ['segmentation-service', 'ai-orchestrator', 'archive-service', 'runner-service', 'api-gateway']

export const beta: Case = {
  name: 'beta',
  title:
    'beta runs beside production with the rights of its own deployer alone: all five services are released and verified at its host, and its requests stay in it',
  minutes: 10,
  needs: 'v1.0.0',
  run: async ({ stack }) => {
    await handOver(stack)
    const kubeconfig = deployer(stack)
    try {
      const images: Record<string, string> = {}
      for (const service of order) images[service] = await deploy(stack, service, kubeconfig)
      await answers(stack)
      const verified = await verifyEnvironment({ stack, namespace, host, deployer: kubeconfig, images })
      assert.deepEqual(saidBy(verified), [])
      console.log(`beta: ${verified.because} (${verified.seconds.toFixed(0)} s)`)
      await assert.rejects(
        async () =>
          stack.kubectl('--kubeconfig', kubeconfig, 'get', 'pods', '--namespace', 'atlas-production'),
        /forbidden/i,
      )
    } finally {
      await remove(stack)
    }
  },
}

/** What an administrator does: the namespace with its labels, the deployer, the certificate, and the other Secrets, here with production's values. */
async function handOver(stack: Stack): Promise<void> {
  const production = await stack.get<{ readonly metadata: { readonly labels: object } }>(
    'namespace',
    'atlas-production',
  )
  const labels = Object.fromEntries(
    Object.entries(production.metadata.labels).filter(([key]) => key !== 'kubernetes.io/metadata.name'),
  )
  const secrets = await Promise.all(
    ['postgres-credentials', 'ghcr-pull'].map(async (name) => {
      const { apiVersion, kind, type, data } = await stack.get<Record<string, unknown>>(
        'secret',
        name,
        '--namespace',
        'atlas-production',
      )
      return { apiVersion, kind, type, data, metadata: { name, namespace } }
    }),
  )
  const metadata = { name: namespace, labels }
  const certificate = certificateSecret(stack, { namespace, host })({})
  const file = written([{ apiVersion: 'v1', kind: 'Namespace', metadata }, ...secrets, certificate])
  await stack.kubectl('apply', '--server-side', '--force-conflicts', '--filename', file)
  await stack.kubectl('apply', '--server-side', '--filename', join(root, 'kubernetes/deployer/beta.yaml'))
}

function deployer(stack: Stack): string {
  const output = join(mkdtempSync(join(tmpdir(), 'beta-')), 'kubeconfig')
  const script = join(root, 'kubernetes/deployer/make-kubeconfig.ts')
  const env = { PATH: join(stack.home, 'bin'), KUBECONFIG: join(stack.home, 'pki/admin.conf') }
  execFileSync(process.execPath, [script, 'beta', '--hours', '1', '--output', output], { env })
  return output
}

/** Resolves to the image that was deployed. */
async function deploy(stack: Stack, service: string, kubeconfig: string): Promise<string> {
  const begun = performance.now()
  const digest = await stack.registry.digest(`alt-las/${service}`, '1.0.0')
  const image = `ghcr.io/alt-las/${service}@${digest}`
  const parts = service === order[0] ? ['platform', service] : [service]
  const run = startAction(stack, {
    kubeconfig,
    namespace,
    deployment: service,
    image,
    manifests: parts.map((part) => join(root, 'kubernetes/beta', part)).join('\n'),
    'metrics-url': `service://${namespace}/prometheus:9090`,
    release: 'v1.0.0',
  })
  const { code, log } = await run.ended
  assert.equal(code, 0, log.slice(-3000))
  console.log(`${service}: deployed in ${((performance.now() - begun) / 1000).toFixed(0)} s`)
  return image
}

async function answers(stack: Stack): Promise<void> {
  const text = 'Beta has its own data. It has its own pods.'
  assert.equal((await ask(stack, 'POST', '/api/segmentation/segments', { text })).status, 200)
  assert.equal((await ask(stack, 'POST', '/api/ai/results', { text })).status, 200)
  const job = { name: 'word-count', args: { text } }
  assert.ok((await ask(stack, 'POST', '/api/runner/jobs', job)).status < 300, 'the Runner takes no job')
  const title = `beta ${Date.now()}`
  assert.equal((await ask(stack, 'POST', '/api/archive/documents', { title, text })).status, 201)
  // Production's host leads to production's archive.
  const [own, other] = await Promise.all(
    [host, addresses.publicHost].map((name) =>
      ask(stack, 'GET', '/api/archive/documents?limit=5', undefined, name),
    ),
  )
  assert.ok(own?.text.includes(title))
  assert.ok(other !== undefined && other.status === 200 && !other.text.includes(title))
}

async function ask(stack: Stack, method: string, path: string, body?: unknown, to = host) {
  const ca = readFileSync(join(stack.home, 'pki', 'lab-ca.crt'))
  const http = systemHttp({ ca, serverName: to })
  const headers = { host: to, ...(body !== undefined && { 'content-type': 'application/json' }) }
  const content = body === undefined ? {} : { body: JSON.stringify(body) }
  try {
    const url = new URL(path, `https://${addresses.gateway}`)
    const answer = await fetchAll(http, { method, url, headers, ...content })
    return { status: answer.status, text: Buffer.from(answer.bytes).toString() }
  } finally {
    http.close()
  }
}

/** Its volumes are given back: the lab has a few. They hold a database with the same password. */
async function remove(stack: Stack): Promise<void> {
  await stack.kubectl('delete', 'namespace', namespace, '--timeout=120s')
  const { items } = await stack.get<{
    readonly items: readonly {
      readonly metadata: { readonly name: string }
      readonly spec: { readonly claimRef?: { readonly namespace: string } }
    }[]
  }>('persistentvolumes')
  for (const { metadata, spec } of items)
    if (spec.claimRef?.namespace === namespace)
      await stack.kubectl(
        'patch',
        'pv',
        metadata.name,
        '--type=json',
        '--patch=[{"op":"remove","path":"/spec/claimRef"}]',
      )
}
