// Inputs as texts: read once, with the defaults of action.yml, parsed by one table, all problems reported together.
import { Failure, describe } from '@alt-las/failure'

/** The raw text of an input by its kebab-case name; '' = not given. */
export type Read = (name: string) => string

/** Turns the raw text into a value; throws an Error whose message reads `got X, expected Y`. */
export type Parser<T> = (raw: string, name: string) => T

/** One table of parsers by camelCase key: the key `failSeverity` reads the input `fail-severity`. */
export type Parsers = Readonly<Record<string, Parser<unknown>>>

/** The values that a table of parsers gives. */
export type Parsed<P> = { readonly [K in keyof P]: P[K] extends Parser<infer T> ? T : never }

/** A problem between inputs, as `name: got X, expected Y`; several, or null for none. */
export type Rule<I> = (inputs: I) => string | readonly string[] | null

/**
 * Reads every input once. Throws ONE Failure `bad-inputs` that lists every problem, those of single inputs and those between inputs.
 * A rule that reads an input which did not parse is skipped: that input has its own problem in the list.
 */
export function collect<const P extends Parsers>(
  read: Read,
  parsers: P,
  rules: readonly Rule<Parsed<P>>[] = [],
): Parsed<P> {
  const { inputs, problems } = gather(read, parsers, rules)
  if (problems.length > 0) throw badInputs(problems)
  return inputs
}

export interface Gathered<P> {
  /** Reading an input that did not parse throws. */
  readonly inputs: Parsed<P>
  readonly problems: readonly string[]
}

/** The same for a caller that has more problems to report. */
export function gather<const P extends Parsers>(
  read: Read,
  parsers: P,
  rules: readonly Rule<Parsed<P>>[] = [],
): Gathered<P> {
  // Every key of the table is defined below, by its value or by a getter that throws.
  const inputs = {} as Parsed<P>
  const problems: string[] = []
  for (const [key, parse] of Object.entries(parsers)) {
    const name = inputName(key)
    try {
      Object.defineProperty(inputs, key, { value: parse(read(name).trim(), name), enumerable: true })
    } catch (error) {
      problems.push(`${name}: ${reason(error)}`)
      Object.defineProperty(inputs, key, { get: throwUnparsed, enumerable: true })
    }
  }
  for (const rule of rules) problems.push(...broken(rule, inputs))
  return { inputs, problems }
}

const unparsed = Symbol('an input that did not parse')

function throwUnparsed(): never {
  throw unparsed
}

function broken<I>(rule: Rule<I>, inputs: I): readonly string[] {
  try {
    const problem = rule(inputs)
    return problem === null ? [] : typeof problem === 'string' ? [problem] : problem
  } catch (error) {
    if (error === unparsed) return []
    throw error
  }
}

/** A plain Error gives its message; a Failure also gives its remedy. */
function reason(error: unknown): string {
  return error instanceof Error && !(error instanceof Failure) ? error.message : describe(error)
}

/** `failSeverity` to `fail-severity`. */
export function inputName(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
}

/** The one Failure for bad inputs: every problem, as `name: got X, expected Y`. */
export class BadInputs extends Failure<'bad-inputs'> {
  readonly problems: readonly string[]

  constructor(problems: readonly string[]) {
    const many = problems.length > 1 ? `${problems.length} inputs are wrong:\n- ` : ''
    super('bad-inputs', many + problems.join('\n- '), { fault: 'input' })
    this.problems = problems
  }
}

export function badInputs(problems: readonly string[]): BadInputs {
  return new BadInputs(problems)
}
