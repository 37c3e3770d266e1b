import { title } from '@alt-las/kubernetes'
import type { Answer } from './answers.ts'
import type { Refusal } from './refusal.ts'

/** Objects that the API server would refuse, each with its remedy. */
export function refusedObjects(answers: readonly Answer[]): readonly Refusal[] {
  return answers.flatMap((answer) =>
    answer.kind === 'refused'
      ? [{ what: `${title(answer.object)}: ${short(answer.because)}`, remedy: remedyFor(answer) }]
      : [],
  )
}

function remedyFor({ object, live, ...answer }: Answer): string {
  const because = 'because' in answer ? answer.because : ''
  const isImmutable = live !== null && /immutable/.test(because)
  if (object.kind === 'Job' && isImmutable)
    return 'an existing Job cannot change: give it another name in each release, remove the old one, or move it to `before`, where every rollout has its own Job'
  if (isImmutable && /selector/.test(because))
    return 'a selector cannot change: keep that of the cluster, or give the workload another name'
  if (isImmutable) return 'keep the field of the cluster, or give the object another name'
  return 'correct the object in the manifests, or the policy that refuses it'
}

/** The API server quotes the whole value. */
const short = (text: string): string =>
  text.length > 600 ? `${text.slice(0, 400)} … ${text.slice(-200)}` : text
