import type { Case } from './case.ts'
import { crashAtStart } from './crash-at-start.ts'
import { databaseUnreachable } from './database-unreachable.ts'
import { downAndUp } from './down-and-up.ts'
import { failingCanary } from './failing-canary.ts'
import { firstInstallation } from './first-installation.ts'
import { healthyRelease } from './healthy-release.ts'
import { judged } from './judged.ts'
import { lostRunner } from './lost-runner.ts'
import { rollbackByHand } from './rollback-by-hand.ts'
import { rollouts } from './rollouts.ts'
import { serviceRepository } from './service-repository.ts'
import { strategies } from './strategies.ts'
import { vulnerableDependency } from './vulnerable-dependency.ts'
import { whyFailed } from './why-failed.ts'

/** In the order in which a team would live through them: each starts from what the one before left. */
export const cases: readonly Case[] = [
  firstInstallation,
  healthyRelease,
  failingCanary,
  vulnerableDependency,
  crashAtStart,
  databaseUnreachable,
  rollbackByHand,
  serviceRepository,
  rollouts,
  strategies,
  lostRunner,
  whyFailed,
  judged,
  downAndUp,
]
