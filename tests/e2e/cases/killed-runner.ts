import { atQuarter, guardImage, takenBack } from '../rollouts/lost.ts'
import { underLoad } from '../rollouts/under-load.ts'
import { expectServing, expectVerdict, openWorld } from '../rollouts/world.ts'
import type { Case } from './case.ts'

const [namespace, deployment] = ['killed', 'target']
/** Requests per second. */
const rate = 50

export const killedRunner: Case = {
  name: 'killed-runner',
  title:
    'the dead-man’s switch takes the traffic back from a killed runner; the same plan goes on in another one and promotes; no request is lost',
  minutes: 8,
  needs: 'v1.0.0 and v1.1.0',
  run: async ({ stack }) => {
    const inputs = {
      'rollback-window': '0s',
      bake: '0s',
      'latency-margin': 'off',
      'guard-image': await guardImage(stack),
    }
    const place = { namespace, deployment, host: 'killed.lab', replicas: 2 }
    const world = await openWorld(stack, { ...place, inputs })
    await underLoad(world, rate, async () => {
      const started = await atQuarter(world, 'killed')
      started.signal('SIGKILL')
      await started.ended
      await takenBack(world)
      expectVerdict(await world.run(world.new, { release: 'killed', steps: '25%:5s' }).ended, 'promoted')
      await expectServing(world, world.new)
    })
    await stack.kubectl('delete', 'namespace', namespace, '--wait=false')
  },
}
