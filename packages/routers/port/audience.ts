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
