import { Failure } from '@alt-las/failure'
import type { Process } from '@alt-las/process'

/** Seconds since 1970 of the commit `sha`, or of the checked-out one for ''. Throws Failure `commit-time-unknown`. */
export async function commitTime(workspace: string, sha: string, process: Process): Promise<number> {
  // The checkout may belong to another user than the one who runs this: reading a date is safe all the same.
  const { code, stdout, stderr } = await process.run('git', [
    '-c',
    'safe.directory=*',
    '-C',
    workspace,
    'show',
    '--no-patch',
    '--format=%ct',
    sha === '' ? 'HEAD' : sha,
  ])
  const seconds = /^(\d+)$/m.exec(stdout)?.[1]
  if (code === 0 && seconds !== undefined) return Number(seconds)
  throw new Failure(
    'commit-time-unknown',
    `git cannot tell the time of commit ${sha || 'HEAD'}: ${stderr.trim()}`,
    {
      fault: 'outside',
      hint: 'check the source out with actions/checkout before this step, or give source-date-epoch in seconds',
    },
  )
}
