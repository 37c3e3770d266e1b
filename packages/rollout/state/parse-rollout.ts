import { Failure } from '@alt-las/failure'
import { type Rollout, rolloutSchema } from '../model/rollout.ts'

/** Reads the state back; throws Failure `bad-state` where it is not ours or of a newer schema: never guesses. */
export function parseRollout(text: string, where: string): Rollout {
  const bad = (what: string) =>
    new Failure('bad-state', `the state in ${where} cannot be read: ${what}`, {
      fault: 'outside',
      hint: 'look at the target by hand, then remove this ConfigMap',
    })
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw bad('it is not JSON')
  }
  if (typeof value !== 'object' || value === null) throw bad('it is not an object')
  const schema = 'schema' in value ? value.schema : undefined
  if (schema !== rolloutSchema)
    throw bad(`got schema ${JSON.stringify(schema)}, this version of the action reads ${rolloutSchema}`)
  return value as Rollout
}
