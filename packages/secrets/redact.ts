import { privateKey, tokenForms } from './forms.ts'

export interface RedactOptions {
  /** Characters that are kept at most. Default 65,536. */
  readonly limit?: number
  /** Which end of a longer text is kept: a log's end, a message's start. Default `end`. */
  readonly keep?: 'start' | 'end'
}

const named =
  '(?:password|passwd|passphrase|secret|token|api[-_]?key|access[-_]?key|private[-_]?key|authorization|credential|cookie)s?'

const secrets: readonly RegExp[] = [
  new RegExp(`()${privateKey}[^]*?(?:-----END [A-Z ]{0,30}PRIVATE KEY-----|$)`, 'g'),
  // name="value" of things that are named like a secret; in quotes it may hold spaces
  new RegExp(`(${named}["']?\\s*[=:]\\s*)(?:"[^"]*"|'[^']*')`, 'gi'),
  // the same without quotes
  new RegExp(`(${named}["']?\\s*[=:]\\s*["']?(?:bearer |basic )?)[^\\s"',;&]+`, 'gi'),
  /(\b(?:bearer|basic) )[\w.~+/=-]{8,}/gi,
  new RegExp(`()(?:${tokenForms.join('|')})`, 'g'),
  // a line of a key in PEM
  /^([ \t]*)[A-Za-z0-9+/]{60,}={0,2}[ \t]*$/gm,
]

/**
 * Prepares a foreign text for people: everything that looks like a secret becomes `***`. The text is cut first, so that its length
 * bounds the work.
 */
export function redact(text: string, options: RedactOptions = {}): string {
  const short = cutBetweenWords(text, options)
  return secrets.reduce((clean, pattern) => clean.replace(pattern, '$1***'), withoutPasswords(short))
}

/** One end of a long text, `…` for the rest; the word that the cut goes through is left out as a whole: half of a secret has no form. */
export function cutBetweenWords(text: string, { limit = 65_536, keep = 'end' }: RedactOptions = {}): string {
  if (text.length <= limit) return text
  return keep === 'end' ? endOf(text, limit) : startOf(text, limit)
}

// `user:password@` in an address. Read from one `@` to the next, since a pattern would look for the `@` of every `://` again.
function withoutPasswords(text: string): string {
  const parts = text.split('@')
  return parts.map((part, index) => (index === parts.length - 1 ? part : hidePassword(part))).join('@')
}

function hidePassword(part: string): string {
  const start = lastBlank(part) + 1
  const user = /:\/\/[^:/]*:/.exec(part.slice(start))
  return user === null ? part : `${part.slice(0, start + user.index)}${user[0]}***`
}

// A cut secret is not recognisable any more, so the word at the cut is dropped as a whole.
function endOf(text: string, limit: number): string {
  return text.slice(-limit).replace(/^\S*/, '…')
}

function startOf(text: string, limit: number): string {
  const start = text.slice(0, limit)
  return `${start.slice(0, lastBlank(start) + 1)}…`
}

function lastBlank(text: string): number {
  return Math.max(...[' ', '\n', '\t', '\r'].map((blank) => text.lastIndexOf(blank)))
}
