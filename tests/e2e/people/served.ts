import assert from 'node:assert/strict'
import { seconds } from '../rollouts/world.ts'
import { expectEnd, expectNothingLeft, expectNothingWritten } from './expect.ts'
import { installed, type Story } from './story.ts'

const tier = { metadata: { labels: { tier: 'front' } } }

/** Who is served is checked at every instant. */
export const served: readonly Story[] = [
  {
    name: 'service-selector',
    done: 'the Service of the manifests selects a label that no running pod has',
    right: 'refused by name before the first write',
    before: installed,
    play: async (place) => {
      const next = place.version('2', {
        Deployment: { spec: { template: tier } },
        Service: { spec: { selector: { tier: 'front' } } },
      })
      await expectNothingWritten(
        place,
        () => place.release(next),
        /Service \S+web selects 0 of the 2 ready pods.*tier=front/,
      )
    },
  },
  {
    name: 'foreign-pods',
    done: 'pods of another Deployment answer behind the same Service',
    right: 'refused by name before the first write',
    before: (place) => [
      ...place.version('1'),
      ...place
        .version('other', {
          Deployment: {
            metadata: { name: 'other' },
            spec: {
              selector: { matchLabels: { role: 'other' } },
              template: { metadata: { labels: { role: 'other' } } },
            },
          },
        })
        .slice(0, 1),
    ],
    play: async (place) => {
      await place.kubectl('rollout', 'status', 'deployment/other', '--timeout=60s')
      await expectNothingWritten(place, () => place.release(place.version('2')), /other/)
    },
  },
  {
    name: 'hotfix',
    done: 'a person sets an env of stable while the canary has 30 % of the traffic',
    right: "goes back, stable's new pods serve",
    before: installed,
    play: async (place, users) => {
      const started = place.release(place.version('2'), { steps: '30%:60s' })
      await started.said(/routes 30% to the canary/)
      await seconds(5)
      await place.kubectl('set', 'env', 'deployment/web', 'VERSION=hotfix')
      const ended = await started.ended
      expectEnd(ended, 'rolled-back', /changed|outside/)
      await place.kubectl('rollout', 'status', 'deployment/web', '--timeout=60s')
      await seconds(10)
      const now = Date.now()
      await seconds(5)
      assert.deepEqual(Object.keys(users?.between(now, now + 4000) ?? {}), ['hotfix'])
      await expectNothingLeft(place)
    },
  },
  {
    name: 'restart',
    done: 'a person restarts stable while the canary has 30 % of the traffic',
    right: 'ends by itself, every pod that is ready is served',
    before: installed,
    play: async (place) => {
      const started = place.release(place.version('2'), { steps: '30%:20s' })
      await started.said(/routes 30% to the canary/)
      await seconds(5)
      await place.kubectl('rollout', 'restart', 'deployment/web')
      await started.ended
      await place.kubectl('rollout', 'status', 'deployment/web', '--timeout=60s')
      await expectNothingLeft(place)
    },
  },
  {
    name: 'no-selector',
    done: 'the Service has no selector',
    right: 'refused by name, in seconds, with a short log',
    before: null,
    play: async (place) => {
      const objects = place.version('1', { Service: { spec: { selector: null } } })
      await place.kubectl('apply', '--filename', place.file(objects))
      await place.kubectl('rollout', 'status', 'deployment/web', '--timeout=60s')
      const ended = await place.release(objects).ended
      assert.equal(ended.code, 1)
      assert.match(ended.outputs['because'] ?? '', /Service \S+web has no selector/)
      assert.ok(ended.log.length < 20_000, `its log has ${ended.log.length} characters`)
    },
  },
]
