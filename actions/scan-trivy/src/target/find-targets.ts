import { resolve } from 'node:path'
import { badInputs } from '@alt-las/runner'
import type { Source } from '../inputs.ts'
import type { FileSystem } from '../ports.ts'
import { layoutTargets, pullTargets, type TargetPorts } from './image-targets.ts'
import type { ScanTargets } from './scan-target.ts'

export interface TargetOptions {
  readonly source: Source
  readonly workspace: string
  /** Directory of this run. */
  readonly own: string
}

/** The targets of the scan; every byte of an image is verified. Throws Failure `image-unreadable` and those of layout and registry. */
export async function findTargets(options: TargetOptions, ports: TargetPorts): Promise<ScanTargets> {
  const { source, workspace, own } = options
  switch (source.kind) {
    case 'layout':
      return layoutTargets(resolve(workspace, source.path), own, ports.files)
    case 'image':
      return pullTargets(source.reference, own, ports)
    case 'directory':
    case 'sbom':
      return pathTargets(source, workspace, ports.files)
  }
}

async function pathTargets(
  { kind, path }: Extract<Source, { kind: 'directory' | 'sbom' }>,
  workspace: string,
  files: FileSystem,
): Promise<ScanTargets> {
  const input = kind === 'sbom' ? 'sbom' : 'scan-ref'
  const expected = kind === 'sbom' ? 'file' : 'directory'
  const at = resolve(workspace, path)
  const found = await files.kind(at)
  if (found !== expected) {
    const got = found === null ? 'which does not exist' : `which is a ${found}`
    throw badInputs([`${input}: got ${path}, ${got}, expected a ${expected}`])
  }
  return {
    targets: [{ platform: '', subject: { kind, path: at }, imageId: null, layers: [] }],
    digest: null,
    image: null,
    name: path,
  }
}
