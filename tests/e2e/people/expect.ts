import assert from 'node:assert/strict'
import type { Ended, Started } from '../rollouts/runner.ts'
import type { Place } from './place.ts'

const toldOf = ({ outputs, log }: Ended): string => `${outputs['because'] ?? ''}\n${log.slice(-3000)}`

/** It says no by name before its first write. */
export async function expectNothingWritten(
  place: Place,
  begin: () => Started,
  sentence: RegExp,
): Promise<void> {
  const before = await place.fingerprint()
  const ended = await begin().ended
  assert.equal(ended.code, 1, toldOf(ended))
  assert.match(ended.outputs['because'] ?? '', sentence)
  assert.equal(await place.fingerprint(), before, 'something was written')
}

export function expectEnd(ended: Ended, verdict: string, sentence = /./): void {
  assert.equal(ended.outputs['verdict'], verdict, toldOf(ended))
  assert.match(ended.outputs['because'] ?? '', sentence)
}

/** Nothing of a rollout is left beside the service. */
export async function expectNothingLeft({ kubectl }: Place): Promise<void> {
  const names = await kubectl('get', 'deployments,services', '--output', 'name')
  assert.doesNotMatch(names, /canary|preview/)
  const pin = await kubectl('get', 'service', 'web', '--output', 'jsonpath={.spec.selector}')
  assert.doesNotMatch(pin, /pod-template-hash/)
}
