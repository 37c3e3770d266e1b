import { spawn } from 'node:child_process'
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { byTime, find, type OutcomeDocument } from '@alt-las/outcome'
import { registryIn, type Registry } from './registry.ts'
import { startLoad, type Load, type Shot } from '../../lab/traffic/load.ts'

/** One run of a workflow, after its end. */
export interface Run {
  readonly green: boolean
  readonly folder: string
  readonly seconds: number
  /** Every outcome document that the run kept. One that does not validate ends the case. */
  readonly documents: readonly OutcomeDocument[]
  /** All job summaries of the run. */
  readonly summary: string
}

export interface Pod {
  readonly name: string
  readonly ready: boolean
  readonly image: string
  /** Digest of the running image as the node reports it. */
  readonly imageId: string
}

/** The local stack as the cases see it: commands of a person, the cluster, the registry, and load from outside. */
export interface Stack {
  readonly home: string
  lab(...args: readonly string[]): Promise<{ readonly code: number; readonly output: string }>
  /** Runs the lab's command and answers the workflow run that it made. */
  run(...args: readonly string[]): Promise<Run>
  /** The same; `hear` gets what the command prints, as it comes. */
  runHeard(args: readonly string[], hear: (text: string) => void): Promise<Run>
  kubectl(...args: readonly string[]): Promise<string>
  get<T>(...args: readonly string[]): Promise<T>
  pods(service: string, namespace?: string): Promise<readonly Pod[]>
  readonly registry: Registry
  /** Every manifest that the registry holds, as `repository@sha256:…`. */
  manifests(): readonly string[]
  load(rate: number, shots: readonly Shot[]): Load
}

export function openStack(options: { readonly root: string; readonly home: string }): Stack {
  const { root, home } = options
  const ca = () => readFileSync(join(home, 'pki', 'lab-ca.crt'), 'utf8')
  const main = join(root, 'lab/main.ts')
  const lab: Stack['lab'] = (...args) => command(process.execPath, [main, ...args], root, () => undefined)
  const kubectl: Stack['kubectl'] = async (...args) => {
    const config = ['--kubeconfig', join(home, 'pki', 'admin.conf')]
    const { code, output } = await command(
      join(home, 'bin', 'hyperkube'),
      ['kubectl', ...config, ...args],
      root,
    )
    if (code !== 0) throw new Error(`kubectl ${args.join(' ')}: ${output}`)
    return output
  }
  const get = async <T>(...args: readonly string[]): Promise<T> =>
    JSON.parse(await kubectl('get', ...args, '--output', 'json')) as T
  const runHeard: Stack['runHeard'] = async (args, hear) => {
    const begun = performance.now()
    const { code, output } = await command(process.execPath, [main, ...args], root, hear)
    const folder = [...output.matchAll(/^run \d+: (.+)$/gm)].at(-1)?.[1]
    if (folder === undefined) throw new Error(`lab ${args.join(' ')} made no run:\n${output.slice(-2000)}`)
    return readRun(folder.trim(), code === 0, (performance.now() - begun) / 1000)
  }
  return {
    home,
    lab,
    kubectl,
    get,
    run: (...args) => runHeard(args, () => undefined),
    runHeard,
    pods: async (service, namespace = 'atlas-production') => {
      const selector = `app.kubernetes.io/name=${service}`
      const { items } = await get<{ items: readonly RawPod[] }>(
        'pods',
        '--namespace',
        namespace,
        '--selector',
        selector,
      )
      return items.filter((pod) => pod.metadata.deletionTimestamp === undefined).map(podOf)
    },
    registry: registryIn(home),
    manifests: () => manifestsIn(join(home, 'registry/docker/registry/v2/repositories')),
    load: (rate, shots) => startLoad({ host: 'alt-las.lab', address: '10.96.0.80', ca: ca(), rate, shots }),
  }
}

interface RawPod {
  readonly metadata: { readonly name: string; readonly deletionTimestamp?: string }
  readonly spec: { readonly containers: readonly { readonly image: string }[] }
  readonly status: {
    readonly containerStatuses?: readonly { readonly ready: boolean; readonly imageID: string }[]
  }
}

function podOf(pod: RawPod): Pod {
  const status = pod.status.containerStatuses?.[0]
  return {
    name: pod.metadata.name,
    ready: status?.ready ?? false,
    image: pod.spec.containers[0]?.image ?? '',
    imageId: status?.imageID ?? '',
  }
}

async function readRun(folder: string, green: boolean, seconds: number): Promise<Run> {
  const artifacts = join(folder, 'artifacts')
  const names = existsSync(artifacts) ? readdirSync(artifacts) : []
  const found = await Promise.all(
    names.filter((name) => name.startsWith('outcomes-')).map((name) => find(join(artifacts, name))),
  )
  const [bad] = found.flatMap(({ unreadable }) => unreadable)
  if (bad !== undefined) throw new Error(bad.because)
  const summary = join(folder, 'summary.md')
  return {
    green,
    folder,
    seconds,
    documents: byTime(found.flatMap(({ entries }) => entries)).map(({ document }) => document),
    summary: existsSync(summary) ? readFileSync(summary, 'utf8') : '',
  }
}

function manifestsIn(repositories: string): readonly string[] {
  return readdirSync(repositories, { recursive: true, encoding: 'utf8' })
    .filter((path) => /_manifests\/revisions\/sha256\/[0-9a-f]{64}$/.test(path))
    .map((path) => path.replace('/_manifests/revisions/sha256/', '@sha256:'))
    .toSorted()
}

/** With `hear` it is printed as well. */
function command(
  file: string,
  args: readonly string[],
  cwd: string,
  hear?: (text: string) => void,
): Promise<{ readonly code: number; readonly output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] })
    const parts: Buffer[] = []
    const errors: Buffer[] = []
    const show = (part: Buffer) => {
      if (hear === undefined) return
      process.stdout.write(part)
      hear(part.toString())
    }
    child.stdout.on('data', (part: Buffer) => {
      parts.push(part)
      show(part)
    })
    child.stderr.on('data', (part: Buffer) => {
      errors.push(part)
      show(part)
    })
    child.on('error', reject)
    child.on('close', (code) => {
      const output = Buffer.concat(code === 0 ? parts : [...parts, ...errors]).toString()
      resolve({ code: code ?? 1, output })
    })
  })
}
