import * as core from '@actions/core'
import { describe } from '@alt-las/failure'
import { secretsIn, type SecretInput } from '../inputs/secret-input.ts'
import type { Read } from '../inputs/collect.ts'
import { actionsHost, annotate, listen, mask, reader } from './host.ts'

/** The post step of an action: the work that its main step could not finish. */
export interface Post<I> {
  readonly name: string
  readonly secrets?: readonly SecretInput[]
  /** Name of what the main step kept by `keepForPost`; without it there is nothing to do. */
  readonly left: string
  parse(read: Read): I
  run(left: string, inputs: I, interrupted: AbortSignal): Promise<void>
}

/** Does nothing if the main step kept nothing. Exit code 1 if the work could not be done. */
export async function runPost<I>(post: Post<I>): Promise<void> {
  const left = core.getState(post.left)
  if (left === '') return
  actionsHost.guard()
  const interruption = listen()
  try {
    const read = reader()
    mask(secretsIn(read, post.secrets ?? []))
    await Promise.race([post.run(left, post.parse(read), interruption.signal), interruption.crashed])
  } catch (error) {
    annotate({ level: 'error', title: `${post.name}: post step`, message: describe(error) })
    process.exitCode = 1
  } finally {
    interruption.stop()
  }
}

/** For the post step of the same action; the last value of a name counts. */
export function keepForPost(name: string, value: string): void {
  if ((process.env['GITHUB_STATE'] ?? '') !== '') core.saveState(name, value)
}
