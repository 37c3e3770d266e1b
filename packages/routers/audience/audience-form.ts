import type { KubeObject } from '@alt-las/kubernetes'
import type { HeaderMatch } from '../port/audience.ts'

/** One rule of a route object as it is written, with all of its fields. */
export type RawRule = Readonly<Record<string, unknown>>

/** How one kind of route sends an audience to the canary alone: a copy of each rule that also asks for the header. */
export interface AudienceForm {
  /** Where the rules are, as in a JSON patch. */
  readonly list: string
  /** Where the copy stands: last, if precedence is not by order, else before its original, since the first match wins. */
  readonly place: 'last' | 'before'
  readonly rulesOf: (object: KubeObject) => readonly RawRule[]
  readonly withRefs: (rule: RawRule, refs: readonly unknown[]) => RawRule
  /** The same rule for requests that carry the header. */
  readonly narrowed: (rule: RawRule, match: HeaderMatch) => RawRule
  /** Whether every match of the rule asks for the header. */
  readonly carries: (rule: RawRule, match: HeaderMatch) => boolean
  /** Why the object cannot take copies of `rules`, with the remedy; `others`: its other rules. null if it can. */
  readonly problem: (object: KubeObject, rules: Rules, match: HeaderMatch) => AudienceProblem | null
}

export interface Rules {
  /** The rules that send to the service. */
  readonly own: readonly RawRule[]
  readonly others: readonly RawRule[]
}

export interface AudienceProblem {
  readonly what: string
  readonly remedy: string
}

/** Names of a rule are unique in its object, so the copy has none. */
export function unnamed(rule: RawRule): RawRule {
  return Object.fromEntries(Object.entries(rule).filter(([key]) => key !== 'name'))
}

export const headerTaken = (name: string): AudienceProblem => ({
  what: `a rule already asks for the header ${name}`,
  remedy: 'mark the audience by another header or cookie',
})
