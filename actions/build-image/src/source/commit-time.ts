import { Failure } from '@alt-las/failure'
import type { Process } from '@alt-las/process'

/**
 * Seconds since 1970 of the commit `sha`, or of the checked-out one for ''; null if git cannot read it.
 * `cat-file` runs no program that the checkout's .git/config names, as `show` runs gpg.program; a missing object is not fetched.
 */
export async function commitTime(workspace: string, sha: string, process: Process): Promise<number | null> {
  // The checkout may belong to another user. Reading one object of it is safe.
  const safe = ['safe.directory=*', 'core.fsmonitor=false', 'core.hooksPath=/dev/null'].flatMap((one) => [
    '-c',
    one,
  ])
  const env = {
    GIT_NO_LAZY_FETCH: '1',
    GIT_ALLOW_PROTOCOL: '',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_TERMINAL_PROMPT: '0',
  }
  try {
    const { code, stdout } = await process.ask(
      'git',
      [...safe, '-C', workspace, 'cat-file', 'commit', sha || 'HEAD'],
      { env },
    )
    const [header = ''] = stdout.split('\n\n')
    const seconds = /^committer .* (\d{1,12}) [+-]\d{4}$/m.exec(header)?.[1]
    return code === 0 && seconds !== undefined ? Number(seconds) : null
  } catch (error) {
    if (error instanceof Failure && error.code === 'command-not-found') return null
    throw error
  }
}

/** For `source-date-epoch: commit`. */
export function commitTimeUnknown(sha: string): Failure<'commit-time-unknown'> {
  return new Failure('commit-time-unknown', `git cannot read the time of commit ${sha || 'HEAD'}`, {
    fault: 'outside',
    hint: 'check the source out with actions/checkout before this step, or set source-date-epoch to fixed or seconds since 1970',
  })
}
