import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { at, type Lab, type Places } from '../base/lab.ts'
import { must } from '../base/run.ts'

/** The repository that this lab belongs to, by the name that it has on GitHub. */
export const product = 'ALT-LAS/delivery'

export const bareRepository = (lab: Places, repository: string): string => at(lab, 'git', `${repository}.git`)

/** Makes the repository in the lab when it is not there, with the hook that starts workflows on a pushed tag. */
export async function ensureRepository(lab: Lab, repository: string): Promise<string> {
  if (!/^[\w.-]+\/[\w.-]+$/.test(repository))
    throw new Error(`repository: got ${repository}, expected owner/name`)
  const bare = bareRepository(lab, repository)
  if (!existsSync(bare)) {
    mkdirSync(bare, { recursive: true })
    await must('git', ['init', '--quiet', '--bare', '--initial-branch=main', bare])
  }
  const hook = join(bare, 'hooks', 'post-receive')
  mkdirSync(join(bare, 'hooks'), { recursive: true })
  writeFileSync(hook, hookText(lab, repository))
  chmodSync(hook, 0o755)
  return bare
}

const hookText = (lab: Lab, repository: string): string => `#!/bin/sh
# A pushed tag starts the workflows that wait for it, as GitHub would.
ALT_LAS_LAB_HOME='${lab.home}' exec '${process.execPath}' '${join(lab.repository, 'lab', 'main.ts')}' receive '${repository}'
`
