import * as core from '@actions/core'
import { secretsIn, type SecretInput } from '../inputs/secret-input.ts'
import type { Read } from '../inputs/collect.ts'
import { framed } from './frame.ts'
import { actionsHost, type Host } from './host.ts'

/** The post step of an action: the work that its main step could not finish. */
export interface Post<I> {
  readonly name: string
  readonly secrets?: readonly SecretInput[]
  /** Name of what the main step kept by `keepForPost`; without it there is nothing to do. */
  readonly left: string
  parse(read: Read): I
  run(left: string, inputs: I, interrupted: AbortSignal): Promise<void>
}

export interface PostOptions {
  readonly host: Host
  /** What the main step kept under a name; '' for nothing. */
  readonly left: (name: string) => string
}

/** Does nothing if the main step kept nothing. Exit code 1 if the work could not be done. */
export async function runPost<I>(
  post: Post<I>,
  { host, left: kept }: PostOptions = { host: actionsHost, left: core.getState },
): Promise<void> {
  const left = kept(post.left)
  if (left === '') return
  await framed(host, `${post.name}: post step`, async ({ signal, crashed }) => {
    const read = host.reader()
    host.mask(secretsIn(read, post.secrets ?? []))
    await Promise.race([post.run(left, post.parse(read), signal), crashed])
  })
}

/** For the post step of the same action; the last value of a name counts. */
export function keepForPost(name: string, value: string): void {
  if ((process.env['GITHUB_STATE'] ?? '') !== '') core.saveState(name, value)
}
