import { Failure } from '@alt-las/failure'

/** A small group of users that gets the new version before any weight. Names and values hold nothing that a pattern or a rule would read. */
export type Audience =
  | { readonly kind: 'header'; readonly name: string; readonly value: string }
  | { readonly kind: 'cookie'; readonly name: string; readonly value: string }
  /** A stable share of all users by the last two characters of their identifier, which are random. */
  | {
      readonly kind: 'share'
      /** Of the users, more than 0 and at most 50. */
      readonly percent: number
      readonly by: 'header' | 'cookie'
      readonly name: string
      readonly characters: 'hex' | 'digits'
    }

/** The texts of an audience: all of them without a meaning in a regular expression but the dot, and none of them a quote. */
export const audienceTexts = {
  header: /^[A-Za-z][A-Za-z0-9-]{0,63}$/,
  cookie: /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}$/,
  value: /^[A-Za-z0-9_.-]{1,64}$/,
} as const

/** Of the users, in percent. */
export const [leastShare, mostShare] = [0.4, 50]

/** Whether a value of anywhere is an audience that may be written into a route. */
export function isAudience(value: unknown): value is Audience {
  if (typeof value !== 'object' || value === null) return false
  const { kind, name, value: text, by, percent, characters } = value as Readonly<Record<string, unknown>>
  const is = (pattern: RegExp, one: unknown) => typeof one === 'string' && pattern.test(one)
  if (kind === 'header' || kind === 'cookie')
    return is(audienceTexts[kind], name) && is(audienceTexts.value, text)
  return (
    kind === 'share' &&
    (by === 'header' || by === 'cookie') &&
    is(audienceTexts[by], name) &&
    (characters === 'hex' || characters === 'digits') &&
    typeof percent === 'number' &&
    percent >= leastShare &&
    percent <= mostShare
  )
}

/** What a gateway has to find in a request. */
export interface HeaderMatch {
  readonly type: 'exact' | 'regex'
  readonly name: string
  readonly value: string
}

/** `checkRouter` refuses such a plan before its first write. */
export const noAudience = (router: string) =>
  new Failure('bad-target', `${router} cannot tell the requests of an audience apart`, {
    fault: 'input',
    hint: 'use a router with rules for requests: gateway-api, istio, or traefik with an IngressRoute',
  })
