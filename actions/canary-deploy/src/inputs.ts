import { type Read, badInputs, gather } from '@alt-las/runner'
import { type Named, parsers, rules } from './given.ts'
import { type Inputs, operationOf, releaseOf } from './operation.ts'
import type { TargetFiles } from './targets/parse-targets.ts'
import { readTargets } from './targets/read-targets.ts'

export type { Inputs } from './operation.ts'

/** The operation that the inputs ask for. Throws ONE Failure `bad-inputs` that lists every problem. */
export function parse(read: Read, named: Named, files: TargetFiles = noFiles): Inputs {
  const { inputs, problems } = gather(read, parsers(named), rules)
  const isRelease = read('targets').trim() !== '' && read('operation').trim() === 'deploy'
  const found = isRelease
    ? readTargets(read, named, { files, common: problems })
    : { targets: [], problems: [] }
  const all = [...problems, ...found.problems]
  if (all.length > 0) throw badInputs(all)
  return isRelease ? releaseOf(inputs, found.targets) : operationOf(inputs)
}

const unread = (path: string): never => {
  throw new Error(`cannot read ${path}`)
}

const noFiles: TargetFiles = { textAt: unread, imagesAt: unread }
