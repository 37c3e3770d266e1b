import { isIP } from 'node:net'
import type { Http } from '@alt-las/api-tests'
import { no, yes, type CheckFinding } from '../../check.ts'

/** `true`: the header must be there. `false`: it must not. A text: its value must contain it, in any case of letters. */
export type HeaderRules = Readonly<Record<string, boolean | string>>

export interface HeaderPlan {
  readonly url: URL
  /** Paths to ask, best first: the first one with an answer other than 404 is judged. */
  readonly paths: readonly string[]
  readonly rules: HeaderRules
  /** Least life of Strict-Transport-Security in days; 0: it is not expected. */
  readonly hstsDays: number
  readonly timeoutMs: number
  readonly signal: AbortSignal
}

const daySeconds = 86_400

/** The headers that make browsers stay with https, and those of the policy. */
export async function judgeHeaders(
  plan: HeaderPlan,
  { http }: { readonly http: Http },
): Promise<CheckFinding> {
  const { url, paths, timeoutMs, signal } = plan
  for (const path of paths) {
    const request = { method: 'GET', path, headers: {}, body: null } as const
    const { status, headers } = await http.send(url, request, { timeoutMs, signal })
    if (status !== 404) return judged(`GET ${path} (${status})`, headers, plan)
  }
  const because = `no answer to judge: ${paths.map((path) => `GET ${path}`).join(', ')} answered 404`
  return { ...yes(because), notChecked: [`the headers of ${url.host}: ${because}`] }
}

function judged(
  answer: string,
  headers: Readonly<Record<string, string>>,
  { url, rules, hstsDays }: HeaderPlan,
): CheckFinding {
  // Browsers keep no such rule for an address.
  const isNamed = isIP(url.hostname.replace(/^\[|\]$/g, '')) === 0
  const hsts =
    hstsDays > 0 && isNamed ? strictTransport(headers['strict-transport-security'], hstsDays) : null
  const broken = Object.entries(rules).flatMap(([name, rule]) =>
    ruleProblem(name, rule, headers[name.toLowerCase()]),
  )
  const problems = [...(hsts === null ? [] : [hsts]), ...broken]
  if (problems.length > 0) {
    const remedy = 'set the headers at the gateway: Gateway API has the filter ResponseHeaderModifier'
    return { ...no(`${answer}: ${problems.join('; ')}`), remedy }
  }
  const count = Object.keys(rules).length
  const kept =
    hstsDays > 0 && isNamed ? `browsers stay with https for at least ${hstsDays} days` : 'no HSTS expected'
  return yes(`${answer}: ${kept}${count === 0 ? '' : `; ${count} of ${count} headers of the policy hold`}`)
}

function strictTransport(value: string | undefined, leastDays: number): string | null {
  if (value === undefined)
    return 'Strict-Transport-Security is missing, so that a browser may begin with plain HTTP'
  const seconds = Number(/(?:^|[;,\s])max-age="?(\d{1,12})/i.exec(value)?.[1] ?? Number.NaN)
  if (seconds >= leastDays * daySeconds) return null
  const days = Number.isNaN(seconds) ? 'no max-age' : `${Math.floor(seconds / daySeconds)} days`
  return `Strict-Transport-Security has ${days}, expected at least ${leastDays} days`
}

function ruleProblem(name: string, rule: boolean | string, value: string | undefined): readonly string[] {
  if (rule === false) return value === undefined ? [] : [`${name} must not be there`]
  if (value === undefined) return [`${name} is missing`]
  if (rule === true || value.toLowerCase().includes(rule.toLowerCase())) return []
  return [`${name} does not contain ${JSON.stringify(rule)}`]
}
