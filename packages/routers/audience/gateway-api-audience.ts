import { isDeepStrictEqual } from 'node:util'
import type { HTTPRoute, KubeObject } from '@alt-las/kubernetes'
import type { HeaderMatch } from '../port/audience.ts'
import {
  type AudienceForm,
  type AudienceProblem,
  type RawRule,
  type Rules,
  headerTaken,
  unnamed,
} from './audience-form.ts'

interface Match {
  readonly headers?: readonly { readonly name: string; readonly type?: string; readonly value: string }[]
}

/**
 * Of two rules with the same path and method, the one with more headers has precedence, and between equal ones the first
 * (gateway-api.sigs.k8s.io, HTTPRouteRule.matches): the copy comes last, so that it wins over its original only.
 */
export const gatewayApiAudience: AudienceForm = {
  list: '/spec/rules',
  place: 'last',
  rulesOf: (object) => ((object as HTTPRoute).spec.rules ?? []) as readonly unknown[] as readonly RawRule[],
  withRefs: (rule, backendRefs) => ({ ...rule, backendRefs }),
  narrowed: (rule, match) => ({
    ...unnamed(rule),
    matches: matchesOf(rule).map((one) => ({ ...one, headers: [...(one.headers ?? []), written(match)] })),
  }),
  carries: (rule, match) =>
    matchesOf(rule).every(({ headers = [] }) =>
      headers.some((one) => isDeepStrictEqual(one, written(match))),
    ),
  problem: (object, rules, match) => tooMany(rules) ?? taken(rules, match) ?? unsupported(object, match),
}

const matchesOf = (rule: RawRule): readonly Match[] => {
  const matches = (rule['matches'] ?? []) as readonly Match[]
  return matches.length === 0 ? [{}] : matches
}

const written = ({ type, name, value }: HeaderMatch) => ({
  type: type === 'exact' ? 'Exact' : 'RegularExpression',
  name,
  value,
})

/** The API server's limits for an HTTPRoute. */
const mostRules = 16
const mostMatches = 128
const mostHeaders = 16

function tooMany({ own, others }: Rules): AudienceProblem | null {
  const remedy = 'move rules of other services to an HTTPRoute of their own'
  const rules = own.length + others.length
  if (rules + own.length > mostRules)
    return {
      what: `it has ${rules} rules and needs ${own.length} more for the audience, and an HTTPRoute may have ${mostRules}`,
      remedy,
    }
  const count = (list: readonly RawRule[]) => list.reduce((sum, one) => sum + matchesOf(one).length, 0)
  const matches = count([...own, ...others])
  if (matches + count(own) > mostMatches)
    return {
      what: `it has ${matches} matches and needs ${count(own)} more for the audience, and an HTTPRoute may have ${mostMatches}`,
      remedy,
    }
  return own.some((rule) => matchesOf(rule).some(({ headers = [] }) => headers.length >= mostHeaders))
    ? {
        what: `a match has ${mostHeaders} headers, and no more are possible`,
        remedy: 'ask for fewer headers',
      }
    : null
}

/** Of two entries for one header, only the first would count. */
function taken({ own }: Rules, { name }: HeaderMatch): AudienceProblem | null {
  const is = (other: string) => other.toLowerCase() === name.toLowerCase()
  return own.some((rule) => matchesOf(rule).some(({ headers = [] }) => headers.some((one) => is(one.name))))
    ? headerTaken(name)
    : null
}

/**
 * Controllers that compare headers with exact values only, by the `controllerName` in a route's status: Google's external load balancers
 * (cloud.google.com/compute, HttpHeaderMatch.regexMatch), Azure's Application Gateway for Containers, which then takes any value
 * (learn.microsoft.com/answers/questions/1824077), and Amazon VPC Lattice (aws/aws-application-networking-k8s, issue 464).
 */
const exactOnly: readonly string[] = [
  'networking.gke.io/gateway',
  'alb.networking.azure.io/alb-controller',
  'application-networking.k8s.aws/gateway-api-controller',
]

function unsupported(object: KubeObject, { type }: HeaderMatch): AudienceProblem | null {
  if (type === 'exact') return null
  const parents = (object as HTTPRoute).status?.parents ?? []
  const found = parents.find(({ controllerName = '' }) => exactOnly.includes(controllerName))
  return found === undefined
    ? null
    : {
        what: `its gateway (${found.controllerName ?? ''}) compares headers with exact values only, and a cookie or a share needs a regular expression`,
        remedy: 'mark the audience by a header with an exact value, such as `header: X-Beta=true`',
      }
}
