import { join } from 'node:path'
import type { Lab } from '../base/lab.ts'
import { kubectl } from './control-plane.ts'

/** An object as a manifest has it. */
export interface Manifest {
  readonly apiVersion: string
  readonly kind: string
  readonly metadata: {
    readonly name: string
    readonly namespace?: string
    readonly labels?: Readonly<Record<string, string>>
    readonly annotations?: Readonly<Record<string, string>>
  }
  readonly [field: string]: unknown
}

const serverSide = ['apply', '--server-side', '--force-conflicts', '--field-manager=lab']

/** Server-side apply of the platform's own objects, under the field manager `lab`. */
export async function apply(lab: Lab, manifests: readonly Manifest[]): Promise<void> {
  const list = { apiVersion: 'v1', kind: 'List', items: manifests }
  await kubectl(lab, [...serverSide, '-f', '-'], JSON.stringify(list))
}

/** The same for files of the checkout, in this order. */
export async function applyFiles(lab: Lab, paths: readonly string[]): Promise<void> {
  await kubectl(lab, [...serverSide, ...paths.flatMap((path) => ['-f', join(lab.repository, path)])])
}
