import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseOf, type OutcomeDocument } from '@alt-las/outcome'
import { hostsFile } from '../../../lab/runner/environment.ts'
import { addresses } from '../../../lab/addresses.ts'
import { valuesIn } from '../../../packages/runner/testing/values-in.ts'
import { image } from '../judged/platform.ts'
import type { Environment } from './environment.ts'

const root = join(import.meta.dirname, '../../..')

const { PATH = '' } = process.env

/** Another name of the gateway, for what a listener of the Gateway API cannot be made to do. */
export const oldDoor = (host: string): string => `old.${host}`

/** Fewer seconds than a person would wait for: what is planted does not heal. */
const readyTimeout = '20s'

export type Checked = NonNullable<OutcomeDocument<'verify'>['evidence']['checks']>[number]

export interface Verified {
  readonly outcome: string
  readonly because: string
  readonly checks: readonly Checked[]
  readonly seconds: number
  readonly log: string
}

/** As the input `images` has them: `workload=name@sha256:…`. */
export const imageLines = (images: Readonly<Record<string, string>>): string =>
  Object.entries(images)
    .map(([workload, name]) => `${workload}=${name}`)
    .join('\n')

/** What is verified, and by whom. */
export type Verifiable = Pick<Environment, 'namespace' | 'host' | 'deployer' | 'images' | 'stack'>

/** Verifies the environment as production's workflow does, with the rights of its deployer; the action runs from its sources. */
export async function verifyEnvironment(
  environment: Verifiable,
  inputs: Readonly<Record<string, string>> = {},
): Promise<Verified> {
  const { namespace, host, deployer, images, stack } = environment
  const temp = mkdtempSync(join(tmpdir(), 'verify-'))
  const given = {
    checks: 'health,api,security',
    url: `https://${host}`,
    namespace,
    'part-of': 'alt-las',
    images: imageLines(images),
    'api-tests': join(root, 'services/api-tests.yaml'),
    openapi: '/openapi.json',
    'ready-timeout': readyTimeout,
    'probe-image': await image(stack),
    'denied-connections': [
      'postgres:5432',
      'segmentation-service:80',
      'api-gateway -> postgres:5432',
      'archive-service -> segmentation-service:80',
    ].join('\n'),
    'allowed-connections': 'api-gateway -> internal-gateway:8081\narchive-service -> postgres:5432',
    kubeconfig: deployer,
    ...inputs,
  }
  const hosts = join(temp, 'hosts')
  writeFileSync(hosts, `${hostsFile()}${addresses.gateway} ${host} ${oldDoor(host)}\n`)
  const env = {
    ...Object.fromEntries(
      Object.entries(given).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]),
    ),
    PATH,
    HOME: temp,
    RUNNER_TEMP: temp,
    GITHUB_WORKSPACE: root,
    GITHUB_OUTPUT: join(temp, 'outputs'),
    GITHUB_STATE: join(temp, 'state'),
    GITHUB_STEP_SUMMARY: join(temp, 'summary.md'),
    NODE_EXTRA_CA_CERTS: join(stack.home, 'pki/lab-ca.crt'),
  }
  for (const file of [env.GITHUB_OUTPUT, env.GITHUB_STATE, env.GITHUB_STEP_SUMMARY]) writeFileSync(file, '')
  const begun = performance.now()
  const log = await run(hosts, env)
  const outputs = valuesIn(readFileSync(env.GITHUB_OUTPUT, 'utf8'))
  const { report = '', outcome = '', because = '' } = outputs
  if (report === '') throw new Error(`verify left no document:\n${log.slice(-3000)}`)
  const document = parseOf('verify', readFileSync(report, 'utf8'), report)
  const seconds = (performance.now() - begun) / 1000
  return { outcome, because, checks: document.evidence.checks ?? [], seconds, log }
}

/**
 * In a mount namespace of its own, where the names of the lab lead to it. `env` sets the variables: a shell drops names with a dash. None of
 * them is secret.
 */
function run(hosts: string, variables: Readonly<Record<string, string>>): Promise<string> {
  const inNamespace = ['sh', join(root, 'lab/runner/in-namespace.sh'), hosts]
  const pairs = Object.entries(variables).map(([name, value]) => `${name}=${value}`)
  const main = [process.execPath, join(root, 'actions/verify/src/main.ts')]
  const args = ['--mount', '--propagation', 'private', '--', ...inNamespace, 'env', ...pairs, ...main]
  return new Promise((resolve, reject) => {
    const child = spawn('unshare', args, { env: { PATH }, stdio: ['ignore', 'pipe', 'pipe'] })
    const parts: Buffer[] = []
    child.stdout.on('data', (part: Buffer) => parts.push(part))
    child.stderr.on('data', (part: Buffer) => parts.push(part))
    child.on('error', reject)
    child.on('close', () => {
      resolve(Buffer.concat(parts).toString())
    })
  })
}
