import { isAlias, isMap, isScalar, isSeq, LineCounter, parseAllDocuments } from 'yaml'
import type {
  CollectionTag,
  Document,
  DocumentOptions,
  ParsedNode,
  ParseOptions,
  ScalarTag,
  SchemaOptions,
} from 'yaml'
import { asFailure } from '@alt-las/failure'
import { inTime } from '@alt-las/time'
import { beyondLimits, type YamlMistake } from './limits.ts'
import { notJson } from './not-json.ts'

/** `core`: YAML 1.2. `exact`: the same, with each integer beyond 2^53 as a bigint. `kubernetes`: 1.1 (`0644` is octal, `yes` is true) with merge keys, but dates and `1:30` stay text. */
export type Dialect = 'core' | 'exact' | 'kubernetes'

export interface YamlDocument {
  /** What JSON can hold, without circles; null for an empty document. In `exact` and `kubernetes` an integer beyond 2^53 is a bigint. */
  readonly value: unknown
  /** 1-based line at which its content begins. */
  readonly line: number
}

export interface YamlText {
  readonly documents: readonly YamlDocument[]
  readonly mistakes: readonly YamlMistake[]
}

/** A file with more of them is of another format. */
const mostMistakes = 10

/** All documents of a text, and what is wrong with the others. Never throws: what cannot be read in bounded time and memory is a mistake. */
export function readYaml(text: string, dialect: Dialect = 'core'): YamlText {
  // The library makes an error of each mistake; where each was made would cost more than the reading.
  const { stackTraceLimit } = Error
  Error.stackTraceLimit = 0
  try {
    const beyond = inTime('reading it', () => beyondLimits(text))
    if (beyond !== null) return { documents: [], mistakes: [beyond] }
    return inTime('reading it', () => parse(text, dialect))
  } catch (error) {
    return { documents: [], mistakes: [{ line: 1, what: asFailure(error).message }] }
  } finally {
    Error.stackTraceLimit = stackTraceLimit
  }
}

function parse(text: string, dialect: Dialect): YamlText {
  const lines = new LineCounter()
  const found = parseAllDocuments(text, {
    lineCounter: lines,
    // Its own messages quote the text, on stderr too, and take time by the square of their number.
    logLevel: 'silent',
    prettyErrors: false,
    // It compares each key with each: `keysTwice` does it in linear time.
    uniqueKeys: false,
    ...dialects[dialect],
  })
  const documents: YamlDocument[] = []
  const mistakes: YamlMistake[] = []
  for (const document of 'empty' in found ? [] : found) {
    const lineAt = (offset: number | undefined) => Math.max(1, lines.linePos(offset ?? 0).line)
    const wrong = mistakesIn(document)
    for (const { at, what } of wrong) mistakes.push({ line: lineAt(at), what })
    if (mistakes.length > mostMistakes) break
    if (wrong.length > 0) continue
    const line = lineAt(document.contents?.range[0])
    const value = valueOf(document)
    if (value.kind === 'mistake') mistakes.push({ line, what: value.what })
    else documents.push({ line, value: value.value })
  }
  return { documents, mistakes: mistakes.slice(0, mostMistakes) }
}

const dialects = {
  core: {},
  exact: { customTags: (tags: Tags) => objectsOf(tags).map((tag) => withInteger(tag, () => true)) },
  kubernetes: { version: '1.1', merge: true, customTags: asKubernetes },
} as const satisfies Record<Dialect, ParseOptions & DocumentOptions & SchemaOptions>

type Mistake = { readonly at: number | undefined; readonly what: string }

function mistakesIn({ errors, contents }: Document.Parsed): readonly Mistake[] {
  if (errors.length === 0) return contents === null ? [] : wrongKeys(contents)
  return errors.slice(0, mostMistakes).map(({ pos, message }) => ({ at: pos[0], what: firstLine(message) }))
}

/** Keys that are given twice, of which a reader may take either, and keys that are no text. */
function wrongKeys(node: ParsedNode | null): readonly Mistake[] {
  if (isSeq(node)) return node.items.flatMap((item) => wrongKeys(item as ParsedNode | null))
  if (!isMap(node)) return []
  const seen = new Set<string>()
  return node.items.flatMap(({ key, value }): readonly Mistake[] => {
    const inner = wrongKeys(value as ParsedNode | null)
    if (isAlias(key)) return inner
    if (!isScalar(key)) return [{ at: node.range?.[0], what: 'a key of a mapping is no text' }, ...inner]
    const name = String(key.value)
    if (name !== '<<' && seen.has(name))
      return [
        { at: key.range?.[0], what: `the key ${JSON.stringify(name.slice(0, 60))} is given twice` },
        ...inner,
      ]
    seen.add(name)
    return inner
  })
}

type Value =
  { readonly kind: 'value'; readonly value: unknown } | { readonly kind: 'mistake'; readonly what: string }

function valueOf(document: Document.Parsed): Value {
  try {
    const value: unknown = document.toJS()
    const what = notJson(value)
    return what === null ? { kind: 'value', value: value ?? null } : { kind: 'mistake', what }
  } catch (error) {
    // Aliases without an anchor, aliases that grow, a merge of what is no mapping.
    return { kind: 'mistake', what: firstLine(asFailure(error).message) }
  }
}

type Tag = ScalarTag | CollectionTag
type Tags = (Tag | string)[]

function asKubernetes(tags: Tags): Tag[] {
  const kept = objectsOf(tags).filter(
    ({ tag, ...more }) => !tag.endsWith(':timestamp') && (more as { format?: string }).format !== 'TIME',
  )
  // Kubernetes keeps 64 bits of an integer: what has no room in them is a number.
  return kept.map((tag) => withInteger(tag, (whole) => BigInt.asIntN(65, whole) === whole))
}

const objectsOf = (tags: Tags): Tag[] => tags.filter((tag) => typeof tag !== 'string')

/** An integer that a number cannot hold exactly is a bigint, if there is room for it. */
function withInteger(tag: Tag, hasRoom: (whole: bigint) => boolean): Tag {
  if (!tag.tag.endsWith(':int') || !('resolve' in tag)) return tag
  const integer = tag as ScalarTag
  return {
    ...integer,
    resolve: (text, onError, options) => {
      const whole = integer.resolve(text, onError, { ...options, intAsBigInt: true })
      if (typeof whole !== 'bigint') return whole
      return Number.isSafeInteger(Number(whole)) || !hasRoom(whole) ? Number(whole) : whole
    },
  }
}

const firstLine = (message: string): string => (message.split('\n')[0] ?? '').replace(/ at line .*$/, '')
