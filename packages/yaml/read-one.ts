import { readYaml, type Dialect } from './read-yaml.ts'

/** A text of one document: its value (null for an empty text), or the first thing that is wrong with it. */
export function readOneYaml(
  text: string,
  dialect?: Dialect,
):
  | { readonly kind: 'value'; readonly value: unknown }
  | { readonly kind: 'mistake'; readonly line: number; readonly what: string } {
  const { documents, mistakes } = readYaml(text, dialect)
  const [mistake] = mistakes
  if (mistake !== undefined) return { kind: 'mistake', ...mistake }
  const [first, second] = documents
  if (second !== undefined)
    return { kind: 'mistake', line: second.line, what: 'got several documents, expected one' }
  return { kind: 'value', value: first?.value ?? null }
}
