import { join } from 'node:path'
import type { Stack } from '../stack.ts'
import { image } from '../judged/platform.ts'
import { firstAnswer } from '../rollouts/probe.ts'
import { startAction, type Started } from '../rollouts/runner.ts'
import { handOver, objectsOf, written } from '../rollouts/target.ts'
import { merged, type Part } from './merged.ts'
import { program } from './program.ts'

/** A namespace with one small service, named `web`, that a team deploys in its own way. */
export interface Place {
  readonly stack: Stack
  readonly namespace: string
  readonly host: string
  /** The manifests of a version: parts are changed by kind. */
  version(tag: string, changes?: Changes): readonly object[]
  /** As the team has it before it knows this action: by `kubectl apply`, until the gateway answers. */
  install(objects: readonly object[]): Promise<void>
  /** Starts canary-deploy. */
  release(objects: readonly (object | string)[], inputs?: Readonly<Record<string, string>>): Started
  operate(operation: string): Started
  /** A file with these objects. */
  file(objects: readonly (object | string)[]): string
  kubectl(...args: readonly string[]): Promise<string>
  /** What is in the namespace, with its versions: equal texts mean that nothing was written. */
  fingerprint(): Promise<string>
  /** Kubeconfig of a cluster administrator, for kinds that the deployer may not write. */
  readonly admin: string
}

/** By kind: objects are merged, lists and values take the place of the old ones. */
export type Changes = Readonly<Record<string, Part>>

const quick = {
  steps: '50%:5s',
  bake: '0s',
  'rollback-window': '0s',
  'latency-margin': 'off',
  'ready-timeout': '60s',
  'metrics-url': 'service://atlas-production/prometheus:9090',
}
const name = 'web'
const gateway = '10.96.0.80'

/** `people-<story>`, with the deployer's rights in it, and nothing else. */
export async function openPlace(stack: Stack, story: string): Promise<Place> {
  const namespace = `people-${story}`
  const host = `${namespace}.lab`
  const released = await image(stack)
  const kubectl: Place['kubectl'] = (...args) => stack.kubectl('--namespace', namespace, ...args)
  await stack.kubectl('delete', 'namespace', namespace, '--ignore-not-found')
  await handOver(stack, namespace)
  await kubectl('create', 'configmap', 'program', `--from-literal=server.ts=${program}`)
  const common = { namespace, deployment: name, 'metrics-url': quick['metrics-url'] }
  return {
    stack,
    namespace,
    host,
    kubectl,
    file: written,
    admin: join(stack.home, 'pki/admin.conf'),
    version: (tag, changes = {}) =>
      objectsOf(target({ namespace, host, tag, image: released })).map((one) => changed(one, changes)),
    install: async (objects) => {
      await kubectl('apply', '--filename', written(objects))
      await kubectl('rollout', 'status', `deployment/${name}`, '--timeout=120s')
      await firstAnswer({ address: gateway, host, path: '/', rate: 1 })
    },
    release: (objects, inputs) =>
      startAction(stack, { ...common, ...quick, image: released, manifests: written(objects), ...inputs }),
    operate: (operation) => startAction(stack, { ...common, operation }),
    fingerprint: () => kubectl('get', kinds, '--output', columns, '--no-headers'),
  }
}

const kinds = 'deployments,replicasets,services,httproutes,gateways,jobs,secrets'
const columns = 'custom-columns=K:.kind,N:.metadata.name,G:.metadata.generation,U:.metadata.uid'

interface Version {
  readonly namespace: string
  readonly host: string
  readonly tag: string
  readonly image: string
}

function target({ namespace, host, tag, image: of }: Version) {
  const volumes = [{ name: 'program', configMap: { name: 'program' } }]
  const volumeMounts = [{ name: 'program', mountPath: '/app', readOnly: true }]
  const env = [{ name: 'VERSION', value: tag }]
  const container = { image: of, args: ['/app/server.ts'], env, volumeMounts }
  return { namespace, name, host, replicas: 2, container, pod: { volumes } }
}

function changed(object: object, changes: Changes): object {
  const { kind = '' } = object as { readonly kind?: string }
  return merged(object as Part, changes[kind] ?? {})
}
