import { title } from '@alt-las/kubernetes'
import type { Answer } from './answers.ts'
import type { Refusal } from './refusal.ts'

/** What the API server would refuse, object by object, each with what can be done about it. */
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
    return 'a Job that is there never changes: give it another name in each release, remove the old one, or move it to `before`, where every rollout has a Job of its own'
  if (isImmutable && /selector/.test(because))
    return 'a selector never changes: keep it as it is in the cluster, or give the workload another name'
  if (isImmutable) return 'keep that field as it is in the cluster, or give the object another name'
  return 'correct it in the manifests, or in what refuses it'
}

/** The API server quotes the whole value. */
const short = (text: string): string =>
  text.length > 600 ? `${text.slice(0, 400)} … ${text.slice(-200)}` : text
