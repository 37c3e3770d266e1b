import { asFailure, describe, Failure } from '@alt-las/failure'
import { type Refused, type Verdict } from '@alt-las/rollout'
import { evidenceOf } from '../evidence.ts'
import type { CanaryOutcome } from '../outcome.ts'
import type { TargetResult } from '../target-result.ts'
import type { Ended } from './roll-out-all.ts'

/** The outcome of a whole release. Throws Failure `interrupted` or `release-incomplete` where a target could not do its work. */
export function releaseOutcome(
  release: string,
  ends: readonly Ended[],
  refused: Refused | null,
): CanaryOutcome {
  const broken = ends.filter(({ result }) => result === null)
  if (broken.length > 0) throw incomplete(release, ends, broken)
  const targets = ends.flatMap(({ result }) => (result === null ? [] : [result]))
  const because = refused === null ? passed(release, targets) : backAsOne(release, targets, refused)
  return {
    kind: refused === null ? 'passed' : 'refused',
    because,
    verdict: verdictOf(targets, refused),
    subject: { target: targets[0]?.namespace ?? '' },
    evidence: evidenceOf('deploy', targets),
    targets,
  }
}

function incomplete(release: string, ends: readonly Ended[], broken: readonly Ended[]): Failure {
  const failures = broken.map(({ error }) => asFailure(error))
  const isInterrupted = failures.some(({ code }) => code === 'interrupted')
  const each = broken.map(({ deployment, error }) => `${deployment}: ${describe(error)}`)
  const others = ends.flatMap(({ result }) =>
    result === null ? [] : [`${result.deployment} ${words[result.verdict]}`],
  )
  return new Failure(
    isInterrupted ? 'interrupted' : 'release-incomplete',
    `release ${release} is not complete: ${[...each, ...others].join('; ')}`,
    {
      fault: failures.find(({ fault }) => fault !== 'input')?.fault ?? 'input',
      cause: broken[0]?.error,
      hint: `run it again: it continues from there; or \`operation: rollback\` with \`release: ${release}\` brings all of it back`,
    },
  )
}

/** `promoted` only where all are. */
function verdictOf(targets: readonly TargetResult[], refused: Refused | null): Verdict {
  if (targets.some(({ verdict }) => verdict === 'halted')) return 'halted'
  if (refused !== null) return 'rolled-back'
  return targets.every(({ verdict }) => verdict === 'unchanged') ? 'unchanged' : 'promoted'
}

function passed(release: string, targets: readonly TargetResult[]): string {
  const named = (verdict: Verdict) =>
    targets.filter((one) => one.verdict === verdict).map(({ deployment }) => deployment)
  const parts = (['promoted', 'unchanged'] as const).flatMap((verdict) => {
    const names = named(verdict)
    return names.length === 0 ? [] : [`${words[verdict]}: ${names.join(', ')}`]
  })
  return `release ${release} has passed in all ${targets.length} targets; ${parts.join('; ')}`
}

function backAsOne(release: string, targets: readonly TargetResult[], { by, because }: Refused): string {
  const left = targets.filter(({ verdict }) => verdict === 'promoted' || verdict === 'halted')
  const stays = left.map((one) => `${one.deployment} ${words[one.verdict]}: ${one.because}`)
  const back = targets.length - left.length
  return [
    `release ${release} is rolled back as one, ${by} was refused: ${because}`,
    `${back} of ${targets.length} targets run what they ran before`,
    ...stays,
  ].join('; ')
}

const words: Readonly<Record<Verdict, string>> = {
  promoted: 'promoted',
  unchanged: 'unchanged',
  'rolled-back': 'rolled back',
  paused: 'paused',
  halted: 'halted',
}
