import assert from 'node:assert/strict'
import { startProbe, type Probe } from './probe.ts'
import type { World } from './world.ts'

/** Users come at `rate` requests a second while the story goes on; throws where one of them meets a failure, and prints what is known of it. */
export async function underLoad<T>(
  world: World,
  rate: number,
  story: (probe: Probe) => Promise<T>,
): Promise<T> {
  const name = `${world.namespace}/${world.deployment}`
  const probe = startProbe({ ...world.users, rate })
  const stopped = async () => {
    await probe.stop()
    console.log(`${name}: ${String(probe.sent())} requests, lost: ${JSON.stringify(probe.reasons)}`)
    if (probe.failures().length > 0) console.log(await told(world, probe))
  }
  const result = await story(probe).finally(stopped)
  assert.deepEqual(probe.reasons, {}, `${name}: requests were lost`)
  return result
}

async function told({ stack, namespace }: World, probe: Probe): Promise<string> {
  const columns = 'TIME:.lastTimestamp,OBJECT:.involvedObject.name,REASON:.reason,MESSAGE:.message'
  const events = await stack
    .kubectl('get', 'events', '-n', namespace, '--sort-by=.lastTimestamp', '-o', `custom-columns=${columns}`)
    .catch((error: unknown) => String(error))
  const times = probe.failures().map(({ at, failed }) => `${at} ${JSON.stringify(failed)}`)
  return `lost, by second:\n${times.join('\n')}\nevents of ${namespace}:\n${events}`
}
