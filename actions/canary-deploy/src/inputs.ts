import { type Read, collect } from '@alt-las/runner'
import { type ImageAt, parsers, rules } from './given.ts'
import { type Inputs, operationOf } from './operation.ts'

export type { Inputs } from './operation.ts'

/** The operation that the inputs ask for. Throws ONE Failure `bad-inputs` that lists every problem. */
export function parse(read: Read, imageAt: ImageAt): Inputs {
  return operationOf(collect(read, parsers(imageAt), rules))
}
