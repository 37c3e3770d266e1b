import { Failure, describe } from '@alt-las/failure'

/** The raw text of an input by its kebab-case name; '' where it was not given. */
export type Read = (name: string) => string

/** Turns the raw text into a value; throws an Error whose message reads `got X, expected Y`. */
export type Parser<T> = (raw: string, name: string) => T

/**
 * Reads every input once. All problems are reported together: throws ONE Failure `bad-inputs` that lists each by name.
 * The key `failSeverity` reads the input `fail-severity`.
 */
export function collect<T extends object>(read: Read, parsers: { readonly [K in keyof T]: Parser<T[K]> }): T {
  const problems: string[] = []
  const entries = Object.entries<Parser<unknown>>(parsers).map(([key, parse]) => {
    const name = inputName(key)
    try {
      return [key, parse(read(name).trim(), name)]
    } catch (error) {
      problems.push(`${name}: ${reason(error)}`)
      return [key, undefined]
    }
  })
  if (problems.length > 0) throw badInputs(problems)
  return Object.fromEntries(entries) as T
}

/** A parser's plain Error is its message; a Failure of a package brings its own remedy. */
function reason(error: unknown): string {
  return error instanceof Error && !(error instanceof Failure) ? error.message : describe(error)
}

/** `failSeverity` to `fail-severity`. */
export function inputName(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
}

/** For rules over several inputs: the same one Failure, so that a person sees all of it at once. */
export function badInputs(problems: readonly string[]): Failure<'bad-inputs'> {
  const many = problems.length > 1 ? `${String(problems.length)} inputs are wrong:\n- ` : ''
  return new Failure('bad-inputs', many + problems.join('\n- '), { fault: 'input' })
}
