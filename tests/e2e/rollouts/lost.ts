import assert from 'node:assert/strict'
import { worldImages } from '../../../lab/versions.ts'
import type { Stack } from '../stack.ts'
import { canaryWeight } from './route.ts'
import type { Started } from './runner.ts'
import { seconds, type World } from './world.ts'

/** Image of the dead-man's switch, by its digest. */
export async function guardImage({ registry }: Stack): Promise<string> {
  const [, repository = '', tag = ''] = /^docker\.io\/(.+):(.+)$/.exec(worldImages.guard) ?? []
  return `docker.io/${repository}@${await registry.digest(repository, tag)}`
}

/** A runner that can be lost with a quarter of the traffic on the canary. */
export async function atQuarter(world: World, release: string): Promise<Started> {
  const started = world.run(world.new, { release, steps: '25%:10m' })
  await started.said(/routes 25% to the canary/)
  await seconds(5)
  assert.equal(await canaryWeight(world), 25)
  return started
}

/** Longer than the switch counts, its own look and its pod's delays included. */
const mostSeconds = 90

/** Waits until the switch has taken the traffic back. Throws where it does so too early or too late. */
export async function takenBack(world: World): Promise<void> {
  const from = Date.now()
  const passed = () => (Date.now() - from) / 1000
  while ((await canaryWeight(world)) > 0) {
    assert.ok(passed() < mostSeconds, 'the traffic was not moved back')
    await seconds(2)
  }
  console.log(`${world.deployment}: the switch took the traffic back after ${passed().toFixed(0)} s`)
  assert.ok(passed() > 40, 'it was taken back before the runner could be known to be lost')
}
