import { CST, Lexer } from 'yaml'

export interface YamlMistake {
  /** 1-based. */
  readonly line: number
  readonly what: string
}

/** In characters. The largest bundle of manifests in the wild has some 4 million. */
const mostCharacters = 8 * 1024 * 1024
/** Indicators, scalars and line ends: each takes some hundred bytes while it is read. */
const mostTokens = 600_000
/** The library recurses, and its time for keys within keys grows with a power of their depth. */
const mostLevels = 100
/** An alias is looked up among all anchors. */
const mostAnchors = 2000
/** Each has a schema of its own. */
const mostDocuments = 5000

/** What makes a text too much to parse, by its tokens alone, in linear time; null where it is not. */
export function beyondLimits(text: string): YamlMistake | null {
  if (text.length > mostCharacters)
    return { line: 1, what: `got ${text.length} characters of YAML, expected at most ${mostCharacters}` }
  const levels = countLevels()
  const seen = { tokens: 0, anchors: 0, documents: 1, line: 1 }
  let isContent = false
  for (const token of new Lexer().lex(text)) {
    // What follows this mark is a scalar's text, whatever it begins with.
    const type: ReturnType<typeof CST.tokenType> = isContent ? 'scalar' : CST.tokenType(token)
    isContent = type === 'scalar' && !isContent
    if (isContent) continue
    levels.add(type, token)
    seen.tokens += 1
    if (type === 'newline') seen.line += 1
    if (type === 'anchor' || type === 'alias') seen.anchors += 1
    if (type === 'doc-start' || type === 'doc-end') seen.documents += 1
    const limits = [
      [levels.depth(), mostLevels, 'levels of nesting'],
      [seen.tokens, mostTokens, 'tokens'],
      [seen.anchors, mostAnchors, 'anchors and aliases'],
      [seen.documents, mostDocuments, 'documents'],
    ] as const
    for (const [count, most, name] of limits)
      if (count > most) return { line: seen.line, what: `got more than ${most} ${name}, expected less` }
  }
  return null
}

/** How deep the collections nest: those in brackets, and the columns at which block collections have begun. */
function countLevels() {
  let columns: number[] = []
  let [flow, column, start, isLineStart] = [0, 0, 0, true]
  const open = (at: number): void => {
    if (flow === 0 && at > (columns.at(-1) ?? -1)) columns.push(at)
  }
  return {
    depth: () => columns.length + flow,
    add: (type: ReturnType<typeof CST.tokenType>, token: string): void => {
      if (type === 'flow-seq-start' || type === 'flow-map-start') flow += 1
      if ((type === 'flow-seq-end' || type === 'flow-map-end') && flow > 0) flow -= 1
      if (type === 'flow-error-end' || type === 'doc-start' || type === 'doc-end') flow = 0
      if (type === 'doc-start' || type === 'doc-end') columns = []
      const isBlank = type === 'space' || type === 'newline' || type === 'comment'
      if (!isBlank && isLineStart) {
        while (columns.length > 0 && (columns.at(-1) ?? 0) > column) columns.pop()
        start = column
        isLineStart = false
      }
      if (type === 'seq-item-ind' || type === 'explicit-key-ind') {
        open(column)
        start = column + token.length
      }
      if (type === 'map-value-ind') open(start)
      const lastLine = token.lastIndexOf('\n')
      column = lastLine === -1 ? column + token.length : token.length - lastLine - 1
      if (type === 'newline') [column, isLineStart] = [0, true]
    },
  }
}
