import type { Lab } from '../base/lab.ts'
import { statePart } from '../base/part.ts'
import { must, run } from '../base/run.ts'
import { bareRepository, ensureRepository, product } from './repository.ts'

const remote = 'lab'

/** `git push lab v1.0.0` works in the checkout. A foreign remote of that name stays unchanged. */
export const gitRemote = statePart('git remote', async (lab) => {
  const bare = await ensureRepository(lab, product)
  if ((await addressOf(lab)) === null)
    await must('git', ['-C', lab.repository, 'remote', 'add', remote, bare])
})

/** Takes the remote away when it leads to this lab. */
export async function removeRemote(lab: Lab): Promise<void> {
  if ((await addressOf(lab)) === bareRepository(lab, product))
    await must('git', ['-C', lab.repository, 'remote', 'remove', remote])
}

async function addressOf(lab: Lab): Promise<string | null> {
  const answer = await run('git', ['-C', lab.repository, 'remote', 'get-url', remote])
  return answer.code === 0 ? answer.stdout.trim() : null
}
