import type { KubeObject } from '@alt-las/kubernetes'
import type { HeaderMatch } from '../port/audience.ts'
import type { AudienceForm, AudienceProblem, RawRule, Rules } from './audience-form.ts'

/**
 * The highest priority wins, and by default that is the length of the rule (doc.traefik.io, Rules & Priority). The copy has one more than its
 * original: with its own length it would also win over longer rules of other services.
 */
export const traefikAudience: AudienceForm = {
  list: '/spec/routes',
  place: 'last',
  rulesOf: (object) =>
    (object as KubeObject & { readonly spec: { readonly routes?: readonly RawRule[] } }).spec.routes ?? [],
  withRefs: (rule, services) => ({ ...rule, services }),
  narrowed: (rule, match) => ({
    ...rule,
    match: `(${matchOf(rule)})${condition(match)}`,
    priority: priorityOf(rule) + 1,
  }),
  carries: (rule, match) => matchOf(rule).startsWith('(') && matchOf(rule).endsWith(`)${condition(match)}`),
  problem: (_object, rules) => oldSyntax(rules) ?? tied(rules),
}

const matchOf = (rule: RawRule): string => String(rule['match'] ?? '')

/** Neither name nor value can contain a backtick. */
const condition = ({ type, name, value }: HeaderMatch): string =>
  ` && ${type === 'exact' ? 'Header' : 'HeaderRegexp'}(\`${name}\`, \`${value}\`)`

function priorityOf(rule: RawRule): number {
  const given = rule['priority']
  return typeof given === 'number' && given !== 0 ? given : Buffer.byteLength(matchOf(rule))
}

function oldSyntax({ own }: Rules): AudienceProblem | null {
  return own.some((rule) => rule['syntax'] === 'v2')
    ? {
        what: 'a route has rules of Traefik 2 (syntax: v2), which know no Header matcher',
        remedy: 'write them in the syntax of version 3',
      }
    : null
}

/** Traefik's choice between rules of the same priority is arbitrary. */
function tied({ own, others }: Rules): AudienceProblem | null {
  const taken = new Set(own.map((rule) => priorityOf(rule) + 1))
  const other = others.find((rule) => taken.has(priorityOf(rule)))
  return other === undefined
    ? null
    : {
        what: `the route ${matchOf(other)} has priority ${priorityOf(other)}, which the rule of the audience would have as well`,
        remedy: 'give one of them a `priority` of its own, such as 1000',
      }
}
