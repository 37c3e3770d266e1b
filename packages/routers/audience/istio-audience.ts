import { isDeepStrictEqual } from 'node:util'
import type { KubeObject } from '@alt-las/kubernetes'
import type { HeaderMatch } from '../port/audience.ts'
import { type AudienceForm, type RawRule, headerTaken, unnamed } from './audience-form.ts'

interface Match {
  readonly headers?: Readonly<Record<string, unknown>>
}

/** The first HTTP route that matches wins (istio.io, VirtualService), and names of headers are in lower case. */
export const istioAudience: AudienceForm = {
  list: '/spec/http',
  place: 'before',
  rulesOf: (object) =>
    (object as KubeObject & { readonly spec: { readonly http?: readonly RawRule[] } }).spec.http ?? [],
  withRefs: (rule, route) => ({ ...rule, route }),
  narrowed: (rule, match) => ({
    ...unnamed(rule),
    match: matchesOf(rule).map((one) => ({ ...one, headers: { ...one.headers, ...written(match) } })),
  }),
  carries: (rule, match) =>
    matchesOf(rule).every(({ headers = {} }) =>
      Object.entries(written(match)).every(([name, value]) => isDeepStrictEqual(headers[name], value)),
    ),
  problem: (_object, { own }, { name }) =>
    own.some((rule) => matchesOf(rule).some(({ headers = {} }) => name.toLowerCase() in headers))
      ? headerTaken(name)
      : null,
}

const matchesOf = (rule: RawRule): readonly Match[] => {
  const matches = (rule['match'] ?? []) as readonly Match[]
  return matches.length === 0 ? [{}] : matches
}

const written = ({ type, name, value }: HeaderMatch) => ({ [name.toLowerCase()]: { [type]: value } })
