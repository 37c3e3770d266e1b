import assert from 'node:assert/strict'
import { startProbe, type Probe } from './probe.ts'
import { told } from './told.ts'
import { seconds, type World } from './world.ts'

/** The judge looks back at the users: without any the service would be a quiet one. */
const lookedBackSeconds = 20

/** Users come at `rate` requests a second while the story goes on; throws where one of them meets a failure, and prints what is known of it. */
export async function underLoad<T>(
  world: World,
  rate: number,
  story: (probe: Probe) => Promise<T>,
): Promise<T> {
  const name = `${world.namespace}/${world.deployment}`
  const probe = startProbe({ ...world.users, rate })
  const stopped = async () => {
    world.killAll()
    await probe.stop()
    console.log(`${name}: ${probe.sent()} requests, lost: ${JSON.stringify(probe.reasons)}`)
    if (probe.failures().length === 0) return
    for (const { at, failed } of probe.failures()) console.log(`lost at ${at}: ${JSON.stringify(failed)}`)
    console.log(await told(world))
  }
  const result = await seconds(lookedBackSeconds)
    .then(() => story(probe))
    .finally(stopped)
  assert.deepEqual(probe.reasons, {}, `${name}: requests were lost`)
  return result
}
