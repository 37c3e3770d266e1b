// A whole environment of its own, for what must not happen to production: beta's manifests under another namespace and host, with the images
// of a release, its own database, certificate and deployer.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { addresses } from '../../../lab/addresses.ts'
import { startLoad, type Load, type Shot } from '../../../lab/traffic/load.ts'
import { written } from '../rollouts/target.ts'
import type { Stack } from '../stack.ts'
import { issue, type CertificateOrder } from './certificate.ts'
import { copiedTo, withImages, type Place } from './copy.ts'
import type { Manifest } from '../../../lab/parts/apply.ts'

export interface Environment extends Place {
  readonly stack: Stack
  /** Everything that it is made of. Applying one of them brings it back to what it was. */
  readonly objects: readonly Manifest[]
  /** The released images, by service: `name@sha256:…`. */
  readonly images: Readonly<Record<string, string>>
  /** Path of the kubeconfig of its deployer, who has the rights of kubernetes/deployer. */
  readonly deployer: string
  /** kubectl of an administrator, within the namespace. */
  kubectl(...args: readonly string[]): Promise<string>
  apply(objects: readonly Manifest[]): Promise<void>
  remove(object: Manifest): Promise<void>
  /** A Secret for the Gateway. */
  certificate(order: Partial<CertificateOrder>): Manifest
  /** Until every workload has what it asks for, but those that were removed. */
  settled(removed?: readonly Manifest[]): Promise<void>
  close(): Promise<void>
}

const root = join(import.meta.dirname, '../../..')
export const services = [
  'api-gateway',
  'runner-service',
  'segmentation-service',
  'ai-orchestrator',
  'archive-service',
]

/** Installs the environment and waits until it is ready. `version` is a released one, without the v. */
export async function openEnvironment(
  stack: Stack,
  { namespace, host }: Place,
  version = '1.0.0',
): Promise<Environment> {
  const place = { namespace, host }
  const within = ['--namespace', namespace]
  const digests = await digestsOf(stack, version)
  const secret = certificateSecret(stack, place)
  const whole = await stack.kubectl('kustomize', join(root, 'kubernetes/beta/whole'))
  const objects = [
    ...withImages(copiedTo(place, whole), digests),
    ...deployerObjects(place),
    ...(await secretsOf(stack, namespace)),
    secret({}),
  ]
  const kubectl: Environment['kubectl'] = (...args) => stack.kubectl(...within, ...args)
  // As one manager, so that a field that a later apply leaves out goes.
  const apply: Environment['apply'] = async (list) => {
    const manager = ['--server-side', '--force-conflicts', '--field-manager=environment']
    await stack.kubectl('apply', ...manager, '--filename', written(list))
  }
  const settled: Environment['settled'] = async (removed = []) => {
    const workloads = objects.filter(
      ({ kind, metadata }) =>
        ['Deployment', 'StatefulSet'].includes(kind) &&
        !removed.some((one) => one.kind === kind && one.metadata.name === metadata.name),
    )
    for (const { kind, metadata } of workloads)
      await kubectl('rollout', 'status', `${kind}/${metadata.name}`, '--timeout=180s')
  }
  await apply(objects.filter(({ kind }) => kind === 'Namespace'))
  await apply(objects)
  await settled()
  const images = Object.entries(digests).map(([name, digest]) => [name, `ghcr.io/alt-las/${name}@${digest}`])
  return {
    ...place,
    stack,
    objects,
    images: Object.fromEntries(images) as Environment['images'],
    deployer: await deployerKubeconfig(stack, namespace),
    kubectl,
    apply,
    remove: async ({ kind, metadata }) => {
      const its = metadata.namespace === undefined ? [] : ['--namespace', metadata.namespace]
      await stack.kubectl('delete', kind, metadata.name, ...its)
    },
    certificate: secret,
    settled,
    close: () => close(stack, namespace),
  }
}

/** So many requests a second at its public host, until it is stopped. */
export function usersOf({ stack, host }: Environment, rate: number, shots: readonly Shot[]): Load {
  const ca = readFileSync(join(stack.home, 'pki/lab-ca.crt'), 'utf8')
  return startLoad({ host, address: addresses.gateway, ca, rate, shots })
}

async function digestsOf({ registry }: Stack, version: string): Promise<Readonly<Record<string, string>>> {
  const found = await Promise.all(
    services.map(async (name) => {
      const digest = await registry.digest(`alt-las/${name}`, version)
      if (digest === null) throw new Error(`${name} ${version} is not in the registry`)
      return [name, digest] as const
    }),
  )
  return Object.fromEntries(found)
}

const roleOf = (namespace: string): string => `alt-las-deployer-${namespace}`

/** kubernetes/deployer for this namespace: a ServiceAccount of its name, and a ClusterRole of its own, with the rights of this checkout. */
function deployerObjects(place: Place): readonly Manifest[] {
  const read = (name: string) => readFileSync(join(root, 'kubernetes/deployer', name), 'utf8')
  const text = `${read('role.yaml')}\n---\n${read('beta.yaml')}`
  return copiedTo(
    place,
    text
      .replaceAll('name: beta', `name: ${place.namespace}`)
      .replaceAll(/name: alt-las-deployer$/gm, `name: ${roleOf(place.namespace)}`),
  )
}

/** Production's own, since the images and the password of the database are the same. */
async function secretsOf(stack: Stack, namespace: string): Promise<readonly Manifest[]> {
  return Promise.all(
    ['postgres-credentials', 'ghcr-pull'].map(async (name) => {
      const found = await stack.get<Manifest>('secret', name, '--namespace', 'atlas-production')
      const { apiVersion, kind } = found
      return { apiVersion, kind, type: found['type'], data: found['data'], metadata: { name, namespace } }
    }),
  )
}

/** Certificates for the Gateway of a place, by the lab where the order says nothing else. */
export function certificateSecret({ home }: Stack, { namespace, host }: Place): Environment['certificate'] {
  return (order) => {
    const { certificate, key } = issue({ host, days: 90, authority: join(home, 'pki'), ...order })
    const stringData = { 'tls.crt': certificate, 'tls.key': key }
    const type = 'kubernetes.io/tls'
    return { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'atlas-tls', namespace }, type, stringData }
  }
}

async function deployerKubeconfig(stack: Stack, namespace: string): Promise<string> {
  const account = ['create', 'token', namespace, '--namespace', 'alt-las-deployers', '--duration', '6h']
  const token = (await stack.kubectl(...account)).trim()
  const admin = JSON.parse(readFileSync(join(stack.home, 'pki/admin.conf'), 'utf8')) as object
  const users = [{ name: 'deployer', user: { token } }]
  const contexts = [{ name: 'lab', context: { cluster: 'lab', user: 'deployer', namespace } }]
  const output = join(mkdtempSync(join(tmpdir(), 'environment-')), 'kubeconfig')
  writeFileSync(output, JSON.stringify({ ...admin, users, contexts }), { mode: 0o600 })
  return output
}

interface Volume {
  readonly metadata: { readonly name: string }
  readonly spec: {
    readonly claimRef?: { readonly namespace: string }
    readonly local?: { readonly path: string }
  }
}

/** Its volumes are given back, empty: the lab has a few, and who gets one next begins with no rows. */
async function close(stack: Stack, namespace: string): Promise<void> {
  await stack.kubectl('delete', 'namespace', namespace, '--ignore-not-found', '--timeout=180s')
  await stack.kubectl('delete', 'clusterrole', roleOf(namespace), '--ignore-not-found')
  await stack.kubectl(
    'delete',
    'serviceaccount',
    namespace,
    '--namespace',
    'alt-las-deployers',
    '--ignore-not-found',
  )
  const { items } = await stack.get<{ readonly items: readonly Volume[] }>('persistentvolumes')
  const free = '--patch=[{"op":"remove","path":"/spec/claimRef"}]'
  for (const { metadata, spec } of items.filter((one) => one.spec.claimRef?.namespace === namespace)) {
    const { path = '' } = spec.local ?? {}
    if (path.startsWith(join(stack.home, 'volumes/')))
      for (const name of readdirSync(path)) rmSync(join(path, name), { recursive: true })
    await stack.kubectl('patch', 'pv', metadata.name, '--type=json', free)
  }
}
