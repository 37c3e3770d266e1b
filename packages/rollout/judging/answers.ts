import type { Answers, Judgement } from '../model/judgement.ts'
import type { AnsweredBlock } from '../model/metrics.ts'
import { sampled } from './sampling.ts'

/** With what both versions answered in this block; blocks in which the canary had no request, or of which no status is known, add nothing. */
export function withAnswers(judgement: Judgement, { canary, stable }: AnsweredBlock): Judgement {
  const arms = [canary, stable].map(({ requests, redirects, rejects }): Answers | null =>
    redirects === undefined || rejects === undefined ? null : { requests, redirects, rejects },
  )
  // A version that has answered nothing yet has no series with a status.
  const [ours, theirs] = [arms[0], arms[1] ?? (stable.requests === 0 ? none : null)]
  if (ours === null || ours === undefined || theirs === null || ours.requests === 0) return judgement
  const { answers } = judgement
  return {
    ...judgement,
    answers: { canary: sum(answers?.canary ?? none, ours), stable: sum(answers?.stable ?? none, theirs) },
  }
}

const none: Answers = { requests: 0, redirects: 0, rejects: 0 }

const sum = (a: Answers, b: Answers): Answers => ({
  requests: a.requests + b.requests,
  redirects: a.redirects + b.redirects,
  rejects: a.rejects + b.rejects,
})

/** So much more of a class, as a share of all answers, is another service and not another version. */
const drastic = 0.5

/**
 * Why the canary's answers are of another kind than stable's: a version that rejects or redirects what stable answers makes no errors that a
 * gateway counts. null where they are not, or where too little is known: by chance it says so once in a million.
 */
export function otherAnswers({ answers, state }: Pick<Judgement, 'answers' | 'state'>): string | null {
  if (answers === undefined) return null
  const phi = Math.max(2, state?.spread.errors ?? 2)
  const { canary, stable } = answers
  for (const [field, name] of classes) {
    const usual = stable.requests === 0 ? null : stable[field] / stable.requests
    if (usual === null || usual + drastic >= 1) continue
    const counts = { canary: canary[field], stable: canary.requests - canary[field] }
    if (counts.stable < 0 || sampled(usual + drastic, counts, phi) !== 'above') continue
    return `the canary answers ${percent(canary[field], canary.requests)} of ${Math.round(canary.requests)} requests with ${name}, stable ${percent(stable[field], stable.requests)} of ${Math.round(stable.requests)}`
  }
  return null
}

const classes = [
  ['rejects', '4xx'],
  ['redirects', '3xx'],
] as const

const percent = (part: number, whole: number): string => `${Math.round((1000 * part) / whole) / 10} %`
