import { Failure } from '@alt-las/failure'
import { type Refusal, sentenceOf } from './refusal.ts'

/** Throws Failure `bad-target` (fault input) with one sentence per refusal and its remedy. */
export function requireClear({ refusals }: { readonly refusals: readonly Refusal[] }): void {
  const [first, ...more] = refusals
  if (first === undefined) return
  if (more.length === 0)
    throw new Failure('bad-target', `${first.what}; nothing was changed`, {
      fault: 'input',
      hint: first.remedy,
    })
  const list = refusals.map((one) => `\n- ${sentenceOf(one)}`).join('')
  throw new Failure('bad-target', `${refusals.length} problems, nothing was changed:${list}`, {
    fault: 'input',
  })
}
