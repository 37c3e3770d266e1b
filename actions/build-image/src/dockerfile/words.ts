import { replacePattern, trimPrefix, trimSuffix } from './pattern.ts'
import { isUnknown, type Lookup, type Unknown } from './value.ts'

// BuildKit has one lexer for all words of a Dockerfile; this file follows it, since dockerfile-ast expands no variables and
// reads quotes, blanks and descriptors of heredocs otherwise.

/** Expands variables and takes quotes off, as BuildKit does for FROM, ARG, ENV, USER and the sources of ADD and COPY. */
export function expand(text: string, lookup: Lookup, escape = '\\'): string | Unknown {
  const lexer = new Lexer(text, { lookup, escape, raw: false })
  return lexer.run() === null ? lexer.problem : (lexer.unknown ?? lexer.text)
}

/** The words of a line with quotes, escapes and variables as written; none where BuildKit cannot read the line. */
export function rawWords(line: string): readonly string[] {
  return new Lexer(line, { lookup: null, escape: '\\', raw: true }).run() ?? []
}

/** The words of a text without quotes and escapes, variables as written. */
export function plainWords(text: string): readonly string[] {
  return new Lexer(text, { lookup: null, escape: '\\', raw: false }).run() ?? []
}

/** `ENV`, `ARG` and `LABEL`: words as written. A quote opens anywhere in a word, an escape takes the next character's meaning. */
export function assignmentWords(text: string, escape = '\\'): readonly string[] {
  const pattern =
    escape === '`'
      ? /(?:"(?:`[\s\S]|[^"`])*"?|'[^']*'?|`[\s\S]?|[^\s"'`])+/g
      : /(?:"(?:\\[\s\S]|[^"\\])*"?|'[^']*'?|\\[\s\S]?|[^\s"'\\])+/g
  return [...text.matchAll(pattern)].map(([word]) => word)
}

interface LexerOptions {
  /** null: every variable stays as written. */
  readonly lookup: Lookup | null
  readonly escape: string
  /** Whether quotes and escapes stay in the text. */
  readonly raw: boolean
}

const deepest = 100
/** In characters: ten lines that each repeat the one before ten times would make gigabytes. */
const longestValues = 16 * 1024

class Malformed extends Error {}

class Lexer {
  text = ''
  unknown: Unknown | null = null
  problem: Unknown = { because: '' }
  private at = 0
  private depth = 0
  private inserted = 0
  private readonly source: string
  private readonly options: LexerOptions

  constructor(source: string, options: LexerOptions) {
    this.source = source
    this.options = options
  }

  /** The words, or null where the text is malformed: `problem` says why. */
  run(): readonly string[] | null {
    try {
      const { text, words } = this.until(null, this.options.raw)
      this.text = text
      return words
    } catch (error) {
      if (!(error instanceof Malformed)) throw error
      this.problem = { because: `${JSON.stringify(this.source.slice(0, 80))} ${error.message}` }
      return null
    }
  }

  private until(stop: string | null, rawEscapes: boolean): { text: string; words: readonly string[] } {
    if (this.depth > deepest) throw new Malformed('is nested too deeply')
    this.depth += 1
    const found = new Words()
    while (this.at < this.source.length) {
      const char = this.source.charAt(this.at)
      if (char === stop) {
        this.at += 1
        this.depth -= 1
        return found.end()
      }
      if (char === '$') found.addSplit(this.dollar())
      else if (char === "'") found.addWhole(this.singleQuoted())
      else if (char === '"') found.addWhole(this.doubleQuoted(rawEscapes))
      else if (char === '<') found.addWhole(this.possibleHeredoc())
      else if (char === this.options.escape) found.addWhole(this.escaped(rawEscapes))
      else {
        this.at += 1
        found.addSplit(char)
      }
    }
    if (stop !== null) throw new Malformed(`has no closing ${stop}`)
    return found.end()
  }

  private escaped(rawEscapes: boolean): string {
    const escape = rawEscapes ? this.options.escape : ''
    const char = this.source.charAt(this.at + 1)
    this.at += 2
    return escape + char
  }

  private singleQuoted(): string {
    const end = this.source.indexOf("'", this.at + 1)
    if (end === -1) throw new Malformed('has a quote that is not closed')
    const inner = this.source.slice(this.at + 1, end)
    this.at = end + 1
    return this.options.raw ? `'${inner}'` : inner
  }

  private doubleQuoted(rawEscapes: boolean): string {
    const { escape, raw } = this.options
    let inner = ''
    for (this.at += 1; this.at < this.source.length;) {
      const char = this.source.charAt(this.at)
      if (char === '"') {
        this.at += 1
        return raw ? `"${inner}"` : inner
      }
      if (char === '$') {
        inner += this.dollar()
        continue
      }
      const next = this.source.charAt(this.at + 1)
      const isEscape = char === escape && (next === '"' || next === '$' || next === escape)
      inner += isEscape ? (rawEscapes ? char + next : next) : char
      this.at += isEscape ? 2 : 1
    }
    throw new Malformed('has a quote that is not closed')
  }

  // `<< EOF` is one word: blanks after the operator belong to it.
  private possibleHeredoc(): string {
    const operator = /<<[ \t]*|</y
    operator.lastIndex = this.at
    const found = operator.exec(this.source)?.[0] ?? '<'
    this.at += found.length
    return found
  }

  private dollar(): string {
    this.at += 1
    if (this.source.charAt(this.at) !== '{') {
      const name = this.name()
      return name === '' ? '$' : (this.value(name) ?? (this.options.lookup === null ? `$${name}` : ''))
    }
    this.at += 1
    const first = this.source.charAt(this.at)
    if (first === '' || first === '{' || first === '}' || first === ':')
      throw new Malformed('has a bad substitution')
    return this.braced(this.name())
  }

  private braced(name: string): string {
    const start = this.at
    let operator = this.source.charAt(this.at++)
    if (operator === '}') return this.value(name) ?? (this.options.lookup === null ? `\${${name}}` : '')
    const isEmptyUnset = operator === ':'
    if (isEmptyUnset) operator = this.source.charAt(this.at++)
    if (operator === '/' && !isEmptyUnset) return this.replaced(name, start)
    if (operator === '' || !'+-?#%'.includes(operator)) throw new Malformed('has an unsupported substitution')
    const before = this.unknown
    const word = this.until('}', operator === '#' || operator === '%').text
    const wordUnknown = this.unknown
    this.unknown = before
    if (this.options.lookup === null) return `\${${name}${isEmptyUnset ? ':' : ''}${operator}${word}}`
    const value = this.value(name)
    const isSet = value !== null && !(isEmptyUnset && value === '')
    const used = () => {
      this.unknown ??= wordUnknown
      return word
    }
    switch (operator) {
      case '-':
        return isSet || this.unknown !== before ? (value ?? '') : used()
      case '+':
        return isSet ? used() : ''
      case '?':
        if (!isSet && this.unknown === before) throw new Malformed(`needs a value for ${name}`)
        return value ?? ''
      default: {
        const trim = operator === '#' ? trimPrefix : trimSuffix
        const isLongest = used().startsWith(operator)
        return this.matched(trim(value ?? '', isLongest ? word.slice(1) : word, isLongest))
      }
    }
  }

  private replaced(name: string, start: number): string {
    const isAll = this.source.charAt(this.at) === '/'
    if (isAll) this.at += 1
    const pattern = this.until('/', true).text
    const replacement = this.until('}', true).text
    if (this.options.lookup === null) return `\${${name}${this.source.slice(start, this.at)}`
    return this.matched(replacePattern(this.value(name) ?? '', pattern, { replacement, isAll }))
  }

  private matched(result: string | null): string {
    if (result === null) throw new Malformed('has a pattern that cannot be read')
    return result
  }

  private value(name: string): string | null {
    const value = this.options.lookup?.(name) ?? null
    if (!isUnknown(value)) {
      this.inserted += value?.length ?? 0
      if (this.inserted > longestValues)
        throw new Malformed(`becomes longer than ${longestValues} characters`)
      return value
    }
    this.unknown ??= value
    // A set text, so that no default is taken for a value that is only not known.
    return ' '
  }

  private name(): string {
    const name = /\d+|[@*#?\-$!]|[\p{L}_][\p{L}\p{Nd}_]*/uy
    name.lastIndex = this.at
    const found = name.exec(this.source)?.[0] ?? ''
    this.at += found.length
    return found
  }
}

// Blanks end a word, except those that were quoted or escaped.
class Words {
  private text = ''
  private word = ''
  private readonly words: string[] = []

  addWhole(part: string): void {
    this.text += part
    this.word += part
  }

  addSplit(part: string): void {
    this.text += part
    for (const char of part) {
      if (!/\s/.test(char)) this.word += char
      else this.flush()
    }
  }

  end(): { text: string; words: readonly string[] } {
    this.flush()
    return { text: this.text, words: this.words }
  }

  private flush(): void {
    if (this.word !== '') this.words.push(this.word)
    this.word = ''
  }
}
