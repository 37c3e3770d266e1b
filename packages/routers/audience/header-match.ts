// An audience as one condition on a request's headers, and the rule that carries it in each kind of route.
import type { Audience, HeaderMatch } from '../port/audience.ts'

/** The one header by which a gateway finds the audience. Expressions are anchored: some gateways match the whole value, others a part. */
export function headerMatchOf(audience: Audience): HeaderMatch {
  switch (audience.kind) {
    case 'header':
      return { type: 'exact', name: audience.name, value: audience.value }
    case 'cookie':
      return inCookie(audience.name, literal(audience.value))
    case 'share': {
      const end = endsOf(audience)
      return audience.by === 'cookie'
        ? inCookie(audience.name, `[^;]*${end}`)
        : { type: 'regex', name: audience.name, value: `^.*${end}$` }
    }
  }
}

/** The share of the users that a share of that percentage really is: two characters have 256 or 100 ends. */
export const shareOfUsers = (percent: number, characters: 'hex' | 'digits'): number =>
  (100 * countOf(percent, characters)) / bases[characters] ** 2

/** A browser sends all cookies in one header: `a=1; beta=1`. HTTP/2 may split it, and gateways join it again. */
const inCookie = (name: string, value: string): HeaderMatch => ({
  type: 'regex',
  name: 'Cookie',
  value: `^(.*; *)?${literal(name)}=${value} *(;.*)?$`,
})

/** Letters, digits, dashes, underscores and dots: only the dot means something in an expression. */
const literal = (text: string): string => text.replaceAll('.', '[.]')

const bases = { hex: 16, digits: 10 } as const

const countOf = (percent: number, characters: 'hex' | 'digits'): number =>
  Math.max(1, Math.round((percent / 100) * bases[characters] ** 2))

/** The first so many of all ends, `00`, `01` and so on, as one expression. */
function endsOf({ percent, characters }: Extract<Audience, { kind: 'share' }>): string {
  const base = bases[characters]
  const count = countOf(percent, characters)
  const [whole, rest] = [Math.floor(count / base), count % base]
  return `(${[
    ...(whole > 0 ? [`${upTo(whole - 1)}${upTo(base - 1)}`] : []),
    ...(rest > 0 ? [`${only(whole)}${upTo(rest - 1)}`] : []),
  ].join('|')})`
}

/** A hexadecimal digit in both cases. */
const only = (digit: number): string =>
  digit < 10 ? String(digit) : `[${digit.toString(16)}${digit.toString(16).toUpperCase()}]`

/** All digits from 0 to this one. */
function upTo(digit: number): string {
  if (digit < 10) return `[0-${digit}]`
  const last = digit.toString(16)
  return `[0-9a-${last}A-${last.toUpperCase()}]`
}
