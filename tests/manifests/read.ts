import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { parseAllDocuments } from 'yaml'
import type { Manifest as AppliedManifest } from '../../lab/parts/apply.ts'
import { root } from '../../scripts/actions.ts'

export interface Manifest extends AppliedManifest {
  readonly spec?: Readonly<Record<string, unknown>>
}

export interface Container {
  readonly name: string
  readonly image: string
  readonly args?: readonly string[]
  readonly command?: readonly string[]
  readonly env?: readonly { readonly name: string; readonly value?: string; readonly valueFrom?: object }[]
  readonly startupProbe?: object
  readonly readinessProbe?: object
  readonly livenessProbe?: object
  readonly resources?: {
    readonly requests?: Readonly<Record<string, string>>
    readonly limits?: Readonly<Record<string, string>>
  }
  readonly securityContext?: object
}

export interface PodSpec {
  readonly serviceAccountName?: string
  readonly automountServiceAccountToken?: boolean
  readonly terminationGracePeriodSeconds?: number
  readonly securityContext?: object
  readonly topologySpreadConstraints?: readonly object[]
  readonly volumes?: readonly {
    readonly name: string
    readonly secret?: { readonly secretName: string }
    readonly configMap?: { readonly name: string }
    readonly persistentVolumeClaim?: { readonly claimName: string }
  }[]
  readonly containers: readonly Container[]
}

export interface Pods {
  /** Of the workload. */
  readonly kind: string
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  readonly replicas: number | undefined
  readonly pod: PodSpec
}

export const folder = (name: string): string => join(root, 'kubernetes', name)

/** The names of the manifests in a folder of kubernetes/, without `.yaml`. */
export const namesIn = (name: string): readonly string[] =>
  readdirSync(folder(name))
    .filter((file) => file.endsWith('.yaml'))
    .map((file) => file.slice(0, -'.yaml'.length))
    .sort()

export const manifestsIn = (path: string): readonly Manifest[] =>
  parseAllDocuments(readFileSync(folder(path), 'utf8')).map((one) => one.toJS() as Manifest)

export const production: readonly Manifest[] = namesIn('production').flatMap((name) =>
  manifestsIn(`production/${name}.yaml`),
)

/** The four services of production, by name. */
export const services = ['ai-orchestrator', 'api-gateway', 'archive-service', 'segmentation-service']

interface Template {
  readonly metadata?: { readonly labels?: Readonly<Record<string, string>> }
  readonly spec: PodSpec
}

/** Everything that makes pods: workloads, Jobs and CronJobs. */
export const podsOf = (manifests: readonly Manifest[]): readonly Pods[] =>
  manifests.flatMap(({ kind, metadata, spec }) => {
    const job = spec?.['jobTemplate'] as { readonly spec: { readonly template: Template } } | undefined
    const template = (job?.spec.template ?? spec?.['template']) as Template | undefined
    if (template === undefined) return []
    const labels = template.metadata?.labels ?? {}
    const replicas = spec?.['replicas'] as number | undefined
    return [{ kind, name: metadata.name, labels, replicas, pod: template.spec }]
  })

/** The one manifest of this kind and name. */
export function one(manifests: readonly Manifest[], kind: string, name: string): Manifest {
  const found = manifests.filter((manifest) => manifest.kind === kind && manifest.metadata.name === name)
  const [first] = found
  if (first === undefined || found.length > 1)
    throw new Error(`${found.length} times ${kind} ${name}, expected 1`)
  return first
}

/** The value of an environment variable; throws where the manifest does not set it. */
export function valueOf({ env = [], name }: Container, variable: string): string {
  const value = env.find((entry) => entry.name === variable)?.value
  if (value === undefined) throw new Error(`${name} does not set ${variable}`)
  return value
}
