import { hash } from 'node:crypto'

/** A short name of a text; two texts that anybody will ever meet have two names. */
export const digest = (text: string): string => hash('sha256', text, 'base64url')

const known = new WeakMap<object, string>()

/** The name of a stored object; objects of the store never change, so each is named once. */
export function nameOf(object: object): string {
  const found = known.get(object)
  if (found !== undefined) return found
  const name = digest(JSON.stringify(object))
  if (Object.isFrozen(object)) known.set(object, name)
  return name
}
