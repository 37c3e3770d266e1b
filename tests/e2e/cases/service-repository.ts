import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Stack } from '../stack.ts'
import { digestOf } from './assertions.ts'
import { askPlain } from './ask.ts'
import type { Case } from './case.ts'

const root = join(import.meta.dirname, '../../..')

export const serviceRepository: Case = {
  name: 'service-repository',
  title:
    'a service repository of its own takes the template, and its service is built, scanned, pushed, deployed, verified',
  minutes: 5,
  run: async ({ stack }) => {
    await handOver(stack)
    const folder = repository()
    const run = await stack.run('release', 'v0.1.0', '--from', folder, '--repository', 'ALT-LAS/greeter')
    assert.ok(run.green, 'v0.1.0 of the service repository is not green')
    const digest = await stack.registry.digest('alt-las/greeter', '0.1.0')
    const pods = await stack.pods('greeter', 'greeter')
    assert.equal(pods.length, 2)
    for (const pod of pods) assert.equal(digestOf(pod.image), digest)
    assert.deepEqual(await askPlain('greeter.lab', '/?name=Ada'), { status: 200, body: 'Hello, Ada!' })
  },
}

/** What a platform team gives to a new service: a namespace, and the deployer's rights in it. */
async function handOver(stack: Stack): Promise<void> {
  const file = join(mkdtempSync(join(tmpdir(), 'platform-')), 'greeter.yaml')
  const api = 'rbac.authorization.k8s.io'
  const manifests = [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'greeter' } },
    {
      apiVersion: `${api}/v1`,
      kind: 'RoleBinding',
      metadata: { name: 'deployer', namespace: 'greeter' },
      roleRef: { apiGroup: api, kind: 'ClusterRole', name: 'lab-deployer' },
      subjects: [{ apiGroup: api, kind: 'User', name: 'deployer' }],
    },
  ]
  writeFileSync(file, manifests.map((one) => JSON.stringify(one)).join('\n---\n'))
  await stack.kubectl('apply', '--filename', file)
}

/** The repository as its team would make it: their service, and our template with its values filled in. */
function repository(): string {
  const folder = mkdtempSync(join(tmpdir(), 'greeter-'))
  cpSync(join(import.meta.dirname, '../greeter'), folder, { recursive: true })
  const template = readFileSync(join(root, 'workflows-templates/service-release.yml'), 'utf8')
  mkdirSync(join(folder, '.github/workflows'), { recursive: true })
  const filled = template
    .replace('NAMESPACE: my-namespace', 'NAMESPACE: greeter')
    .replace('DEPLOYMENT: my-service', 'DEPLOYMENT: greeter')
    .replace('service://monitoring/prometheus', 'service://atlas-production/prometheus')
  writeFileSync(join(folder, '.github/workflows/release.yml'), filled)
  const git = (...args: string[]) =>
    execFileSync('git', args, { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] })
  git('init', '--quiet', '--initial-branch=main')
  git('config', 'user.name', 'greeter team')
  git('config', 'user.email', 'greeter@alt-las.invalid')
  git('add', '--all')
  git('commit', '--quiet', '--message', 'A greeter')
  git('tag', 'v0.1.0')
  return folder
}
