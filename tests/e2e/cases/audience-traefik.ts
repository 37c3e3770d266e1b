import { byCookie, byHeader, promotedAfter, takenBackFrom } from '../rollouts/cohort.ts'
import type { Probe } from '../rollouts/probe.ts'
import type { RouteOf } from '../rollouts/target.ts'
import { together } from '../rollouts/together.ts'
import { underLoad } from '../rollouts/under-load.ts'
import { expectServing, expectShare, expectVerdict, openWorld, type World } from '../rollouts/world.ts'
import type { Stack } from '../stack.ts'
import type { Case } from './case.ts'

const namespace = 'audience-traefik'

export const audienceTraefik: Case = {
  name: 'audience-traefik',
  title:
    "with Traefik's own objects a cohort by cookie or header gets the new version alone, weights follow, an abort takes all of it back; a TraefikService splits; no request is lost",
  minutes: 15,
  needs: 'v1.0.0 and v1.1.0',
  run: async ({ stack }) => {
    // One after the other: both runs would meet in making the namespace.
    const worlds = [await open(stack, 'IngressRoute'), await open(stack, 'TraefikService')] as const
    await together([
      underLoad(worlds[0], rate, async (everybody) => {
        await takenBackFrom(worlds[0], everybody, byHeader)
        await promotedAfter(worlds[0], everybody, byCookie)
      }),
      underLoad(worlds[1], rate, (everybody) => weighed(worlds[1], everybody)),
    ])
    await stack.kubectl('delete', 'namespace', namespace, '--wait=false')
  },
}

const quick = { 'rollback-window': '0s', bake: '5s', 'latency-margin': 'off' }
/** Requests per second of all users without a mark. */
const rate = 60

function open(stack: Stack, route: RouteOf): Promise<World> {
  const deployment = route.toLowerCase()
  const host = `${deployment}.lab`
  return openWorld(stack, { namespace, deployment, host, route, replicas: 2, inputs: quick })
}

/** A TraefikService holds weights and no rules. */
async function weighed(world: World, everybody: Probe): Promise<void> {
  const started = world.run(world.new, { release: 'half', steps: '25%:20s, pause, 50%:20s' })
  await started.said(/routes 25% to the canary/)
  const from = Date.now()
  expectVerdict(await started.ended, 'paused')
  expectShare(everybody, world.new, { percent: 25, from, to: Date.now() })
  expectVerdict(await world.operate('abort'), 'rolled-back')
  await expectServing(world, world.old)
  expectVerdict(await world.run(world.new, { release: 'whole', steps: '50%:10s' }).ended, 'promoted')
  await expectServing(world, world.new)
}
