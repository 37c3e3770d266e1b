import { join } from 'node:path'
import { commitTime, commitTimeUnknown } from './commit-time.ts'
import type { Inputs } from '../inputs.ts'
import type { Ports } from '../ports.ts'
import type { PlanFacts } from '../buildx/plan.ts'
import type { Sources } from './sources.ts'

/** Facts of runner and checkout for the plan. Throws Failure `commit-time-unknown`. */
export async function gatherFacts(inputs: Inputs, sources: Sources, ports: Ports): Promise<PlanFacts> {
  const { workspace, sha, refType, refName, serverUrl, repository } = ports.environment
  const committedAt = await commitTime(workspace, sha, ports.process)
  const own = await ports.files.ownFolder()
  return {
    workspace,
    dockerfile: sources.dockerfile,
    hidden: sources.hidden,
    epoch: epochOf(inputs, committedAt, sha),
    committedAt,
    revision: sha,
    source: repository === '' ? '' : `${serverUrl}/${repository}`,
    version: refType === 'tag' ? refName.replace(/^v(?=\d)/, '') : refName,
    layoutPath: join(own, 'layout'),
    metadataPath: join(own, 'metadata.json'),
  }
}

// Files older than the epoch keep their time, and a cached layer is older than a fresh one: only a time before all of them makes one digest.
// 1980 and not 1970, since ZIP archives know no earlier year.
const fixedEpoch = Date.UTC(1980, 0, 1) / 1000

function epochOf({ sourceDateEpoch }: Inputs, committedAt: number | null, sha: string): number {
  if (sourceDateEpoch === 'fixed') return fixedEpoch
  if (sourceDateEpoch !== 'commit') return sourceDateEpoch
  if (committedAt === null) throw commitTimeUnknown(sha)
  return committedAt
}
