import { type Read, collect } from '@alt-las/runner'
import { type Named, parsers, rules } from './given.ts'
import { type Inputs, operationOf } from './operation.ts'

export type { Inputs } from './operation.ts'

/** The operation that the inputs ask for. Throws ONE Failure `bad-inputs` that lists every problem. */
export function parse(read: Read, named: Named): Inputs {
  return operationOf(collect(read, parsers(named), rules))
}
