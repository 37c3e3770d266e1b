import { RE2JS } from 're2js'

/** As ajv wants them; `toString` tells patterns apart. */
interface Pattern {
  test(text: string): boolean
  toString(): string
}

export interface PatternEngine {
  (pattern: string, flags: string): Pattern
  readonly code: string
}

/**
 * The patterns of JSON schemas, matched in linear time: the pattern or the text may be a service's, made so that a backtracking engine never
 * ends. `backtracks` is called for a pattern that is left to such an engine: one with a lookaround or a backreference, or a very large one.
 */
export function patternEngine(backtracks: () => void): PatternEngine {
  const engine = (pattern: string, flags: string): Pattern => {
    // JSON Schema has the syntax of ECMAScript: what is invalid there is invalid here.
    const native = ecmaScript(pattern, flags)
    const linear = compileLinear(pattern)
    if (linear === null) {
      backtracks()
      return native
    }
    return { test: (text) => linear.test(text), toString: () => native.toString() }
  }
  return Object.assign(engine, { code: 'patternEngine' })
}

/** Escapes that another syntax has, or that mean something else without Unicode mode. */
const otherSyntax = /\\(?:[^a-zA-Z]|[bBcdDfnrsStuvwWx])|(\\)/g

/** Many patterns escape what needs no escape, such as `\-`: that is an error in Unicode mode alone. */
export function ecmaScript(pattern: string, flags = 'u'): RegExp {
  try {
    return new RegExp(pattern, flags)
  } catch (error) {
    if ([...pattern.matchAll(otherSyntax)].some(([, other]) => other !== undefined)) throw error
    return new RegExp(pattern)
  }
}

/** Linear is pattern times text: beyond this size a megabyte of text takes many seconds. */
const largestProgram = 2000

function compileLinear(pattern: string): RE2JS | null {
  const translated = withSpacesOfEcmaScript(pattern)
  if (translated === null) return null
  try {
    const compiled = RE2JS.compile(RE2JS.translateRegExp(translated))
    return compiled.programSize() > largestProgram ? null : compiled
  } catch {
    return null
  }
}

const spaces =
  '\\t-\\r\\x{20}\\x{a0}\\x{1680}\\x{2000}-\\x{200a}\\x{2028}\\x{2029}\\x{202f}\\x{205f}\\x{3000}\\x{feff}'
const notLineEnd = '[^\\n\\r\\x{2028}\\x{2029}]'

/** RE2 knows fewer spaces and fewer ends of a line. null: cannot be written for it. */
function withSpacesOfEcmaScript(pattern: string): string | null {
  let inClass = false
  let isPossible = true
  const written = pattern.replace(/\\[^]|[[\].]/g, (part) => {
    if (part === '[') inClass = true
    if (part === ']') inClass = false
    if (part === '.') return inClass ? part : notLineEnd
    if (part === '\\s') return inClass ? spaces : `[${spaces}]`
    if (part === '\\S') {
      isPossible &&= !inClass
      return `[^${spaces}]`
    }
    return part
  })
  return isPossible ? written : null
}
