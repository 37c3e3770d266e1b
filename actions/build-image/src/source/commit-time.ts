import { Failure } from '@alt-las/failure'
import type { Process } from '@alt-las/process'

/** Seconds since 1970 of the commit `sha`, or of the checked-out one for ''; null where git cannot tell. */
export async function commitTime(workspace: string, sha: string, process: Process): Promise<number | null> {
  // The checkout may belong to another user than the one who runs this: reading a date is safe all the same.
  const safe = ['-c', 'safe.directory=*', '-C', workspace]
  const show = ['show', '--no-patch', '--format=%ct', sha === '' ? 'HEAD' : sha]
  try {
    const { code, stdout } = await process.ask('git', [...safe, ...show])
    const seconds = /^(\d+)$/m.exec(stdout)?.[1]
    return code === 0 && seconds !== undefined ? Number(seconds) : null
  } catch (error) {
    if (error instanceof Failure && error.code === 'command-not-found') return null
    throw error
  }
}

/** For whom only the time of the commit will do. */
export function commitTimeUnknown(sha: string): Failure<'commit-time-unknown'> {
  return new Failure('commit-time-unknown', `git cannot tell the time of commit ${sha || 'HEAD'}`, {
    fault: 'outside',
    hint: 'check the source out with actions/checkout before this step, or give source-date-epoch otherwise',
  })
}
