import { expectEnd, expectNothingLeft, expectNothingWritten } from './expect.ts'
import { installed, type Story } from './story.ts'

const recreate = { Deployment: { spec: { strategy: { type: 'Recreate' } } } }
const otherSelector = {
  Deployment: {
    spec: {
      selector: { matchLabels: { edition: '2' } },
      template: { metadata: { labels: { edition: '2' } } },
    },
  },
}

/** Dead ends are found before any traffic moves. */
export const deadEnds: readonly Story[] = [
  {
    name: 'paused',
    done: 'somebody has paused the Deployment',
    right: 'refused with `kubectl rollout resume` before the first write',
    before: installed,
    play: async (place) => {
      await place.kubectl('rollout', 'pause', 'deployment/web')
      await expectNothingWritten(place, () => place.release(place.version('2')), /is paused in the cluster/)
    },
  },
  {
    name: 'recreate',
    done: 'the strategy of the Deployment is Recreate',
    right: 'refused before the first write',
    before: (place) => place.version('1', recreate),
    play: (place) =>
      expectNothingWritten(place, () => place.release(place.version('2', recreate)), /strategy Recreate/),
  },
  {
    name: 'min-ready',
    done: 'minReadySeconds is longer than ready-timeout',
    right: 'refused with both figures before the first write',
    before: installed,
    play: (place) => {
      const next = place.version('2', { Deployment: { spec: { minReadySeconds: 90 } } })
      return expectNothingWritten(place, () => place.release(next), /minReadySeconds 90.*ready-timeout is 1m/)
    },
  },
  {
    name: 'quota',
    done: 'the quota has room for the canary, not for the pod that promotion adds',
    right: 'refused with figures before the first write',
    before: installed,
    play: async (place) => {
      await place.kubectl('create', 'quota', 'small', '--hard=pods=3')
      // The quota controller counts the pods that are there.
      await place.kubectl('wait', 'quota/small', '--for=jsonpath={.status.used.pods}=2', '--timeout=60s')
      await expectNothingWritten(
        place,
        () => place.release(place.version('2')),
        /ResourceQuota small: pods has 1 of 3 left/,
      )
    },
  },
  {
    name: 'immutable-selector',
    done: "the manifests change the Deployment's selector; then a correct release comes",
    right: 'the first is refused before the first write, the second is promoted',
    before: installed,
    play: async (place) => {
      await expectNothingWritten(place, () => place.release(place.version('2', otherSelector)), /selector/)
      expectEnd(await place.release(place.version('3')).ended, 'promoted')
      await expectNothingLeft(place)
    },
  },
  {
    name: 'same-job',
    done: 'a Job of the manifests exists with another image',
    right: 'refused before the first write, nothing half applied',
    before: installed,
    play: async (place) => {
      await place.kubectl('apply', '--filename', place.file([job(place.namespace, 'one')]))
      const next = [banner(place.namespace), ...place.version('2'), job(place.namespace, 'two')]
      await expectNothingWritten(
        place,
        () => place.release(next, { kubeconfig: place.admin }),
        /Job \S+migrate/,
      )
    },
  },
]

const banner = (namespace: string) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'banner', namespace },
})

const job = (namespace: string, says: string) => ({
  apiVersion: 'batch/v1',
  kind: 'Job',
  metadata: { name: 'migrate', namespace },
  spec: {
    template: {
      spec: {
        restartPolicy: 'Never',
        containers: [
          {
            name: 'migrate',
            image: 'gcr.io/distroless/nodejs24-debian12:nonroot',
            args: ['-e', `console.log('${says}')`],
          },
        ],
      },
    },
  },
})
