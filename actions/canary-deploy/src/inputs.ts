import { type Read, badInputs, gather } from '@alt-las/runner'
import { type Named, isDeploy, parsers, rules } from './given.ts'
import { type Inputs, operationOf, preflightOf, releaseOf } from './operation.ts'
import { unbuilt } from './preflight/unbuilt.ts'
import type { TargetFiles } from './targets/parse-targets.ts'
import { readTargets } from './targets/read-targets.ts'

export type { Inputs } from './operation.ts'

/** The operation that the inputs ask for. Throws ONE Failure `bad-inputs` that lists every problem. */
export function parse(read: Read, named: Named, files: TargetFiles = noFiles): Inputs {
  const operation = read('operation').trim()
  const isSeveral = read('targets').trim() !== ''
  const isRelease = isSeveral && isDeploy(operation)
  const isUnbuilt = operation === 'preflight'
  const known = isUnbuilt ? { ...named, imageAt: () => unbuilt } : named
  const own: Read = (name) =>
    name === 'image' && isUnbuilt && !isSeveral ? read(name).trim() || unbuilt : read(name)
  const { inputs, problems } = gather(own, parsers(known), rules)
  const found = isRelease
    ? readTargets(own, known, { files, common: problems })
    : { targets: [], problems: [] }
  const all = [...problems, ...found.problems]
  if (all.length > 0) throw badInputs(all)
  if (!isRelease) return operationOf(inputs)
  return isUnbuilt ? preflightOf(inputs, found.targets) : releaseOf(inputs, found.targets)
}

const unread = (path: string): never => {
  throw new Error(`cannot read ${path}`)
}

const noFiles: TargetFiles = { textAt: unread, imagesAt: unread }
