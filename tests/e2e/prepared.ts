import type { Case } from './cases/case.ts'
import { firstInstallation } from './cases/first-installation.ts'
import { healthyRelease } from './cases/healthy-release.ts'

/** Releases what a case needs where the registry does not hold it, by the cases that are about it. */
export async function provide(world: Parameters<Case['run']>[0], needs: Case['needs']): Promise<void> {
  const isReleased = async (tag: string) =>
    (await world.stack.registry.digest('alt-las/api-gateway', tag)) !== null
  if (needs !== undefined && !(await isReleased('1.0.0'))) await first(firstInstallation, world)
  if (needs === 'v1.0.0 and v1.1.0' && !(await isReleased('1.1.0'))) await first(healthyRelease, world)
}

async function first(one: Case, world: Parameters<Case['run']>[0]): Promise<void> {
  console.log(`first ${one.name}, which this case needs`)
  await one.run(world)
}
