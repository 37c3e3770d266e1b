import { amongPeople } from './among-people.ts'
import { beta } from './beta.ts'
import { audience } from './audience.ts'
import { audienceTraefik } from './audience-traefik.ts'
import type { Case } from './case.ts'
import { crashAtStart } from './crash-at-start.ts'
import { dataKept } from './data-kept.ts'
import { databaseBackup } from './database-backup.ts'
import { databaseUnreachable } from './database-unreachable.ts'
import { downAndUp } from './down-and-up.ts'
import { failingCanary } from './failing-canary.ts'
import { firstInstallation } from './first-installation.ts'
import { healthyRelease } from './healthy-release.ts'
import { hostileService } from './hostile-service.ts'
import { hostileTenant } from './hostile-tenant.ts'
import { judged } from './judged.ts'
import { killedRunner } from './killed-runner.ts'
import { lateFault } from './late-fault.ts'
import { lostRunner } from './lost-runner.ts'
import { plantedDefects } from './planted-defects.ts'
import { quietRelease } from './quiet-release.ts'
import { releaseAgain } from './release-again.ts'
import { releaseOfFive } from './release-of-five.ts'
import { rollbackByHand } from './rollback-by-hand.ts'
import { rollouts } from './rollouts.ts'
import { secretOperators } from './secret-operators.ts'
import { serviceRepository } from './service-repository.ts'
import { smokeRefused } from './smoke-refused.ts'
import { strategies } from './strategies.ts'
import { vulnerableDependency } from './vulnerable-dependency.ts'
import { whyFailed } from './why-failed.ts'

/** In no order: a case says what it needs; tests/checks/plans.ts says when it runs. */
export const cases: readonly Case[] = [
  firstInstallation,
  healthyRelease,
  failingCanary,
  vulnerableDependency,
  crashAtStart,
  databaseUnreachable,
  databaseBackup,
  dataKept,
  beta,
  secretOperators,
  plantedDefects,
  rollbackByHand,
  serviceRepository,
  killedRunner,
  releaseAgain,
  releaseOfFive,
  rollouts,
  strategies,
  lateFault,
  quietRelease,
  smokeRefused,
  audience,
  audienceTraefik,
  lostRunner,
  whyFailed,
  judged,
  amongPeople,
  hostileTenant,
  hostileService,
  downAndUp,
]
