import type { Plan, Rollout, SyntheticStream } from '@alt-las/rollout'
import type { Stream } from './parse-synthetic.ts'

/** More addresses than this make no better judgement. */
const mostPaths = 20

/** What is sent in this rollout: streams with a rate of their own in any case, the others where `on-quiet` has taken `synthetic`. */
export function streamsOf(
  { plan, judgement }: Pick<Rollout, 'plan' | 'judgement'>,
  synthetic: readonly SyntheticStream[],
): readonly Stream[] {
  const own = synthetic.flatMap(({ url, rate }) => (rate === null ? [] : [{ url, rate }]))
  const rate = judgement.quiet?.taken === 'synthetic' ? judgement.quiet.rate : undefined
  if (rate === undefined) return own
  const urls = quietAddresses(plan, synthetic)
  return [...own, ...urls.map((url) => ({ url, rate: rate / urls.length }))]
}

/** Addresses without a rate of their own: with the paths of the plan's API tests that only read, or as they are where there are none. */
export function quietAddresses(plan: Plan, synthetic: readonly SyntheticStream[]): readonly string[] {
  const paths = safePaths(plan)
  return synthetic
    .filter(({ rate }) => rate === null)
    .flatMap(({ url }) => (paths.length === 0 ? [url] : paths.map((path) => below(url, path))))
}

/** Of tests that read, need no header and no earlier answer, and expect no error. */
function safePaths({ smoke = [] }: Plan): readonly string[] {
  const paths = smoke.flatMap(({ request, expect }) => {
    const { method, path, headers, body } = request
    const isPlain = Object.keys(headers).every((name) => name === 'accept')
    const isSafe = method === 'GET' && body === null && isPlain && !path.includes('{')
    return isSafe && expect.status.every((status) => /^[23]/.test(status)) ? [path] : []
  })
  return [...new Set(paths)].slice(0, mostPaths)
}

const below = (url: string, path: string): string => url.replace(/\/$/, '') + path
