import type { Environment } from '../environment/environment.ts'
import { own, withContainer, type Defect } from './defect.ts'

const monitorAlone = ({ namespace }: Environment) => ({
  checks: 'monitor',
  images: '',
  'api-tests': '',
  openapi: '',
  'probe-image': '',
  'denied-connections': '',
  'allowed-connections': '',
  'metrics-url': `service://${namespace}/prometheus:9090`,
  window: '10m',
})

const dayMs = 86_400_000

/** As the controller writes it after a Job. */
const succeeded = ({ kubectl }: Environment, cron: string, daysAgo: number) => {
  const lastSuccessfulTime = `${new Date(Date.now() - daysAgo * dayMs).toISOString().slice(0, 19)}Z`
  const patch = JSON.stringify({ status: { lastSuccessfulTime } })
  return kubectl('patch', 'cronjob', cron, '--subresource=status', '--type=merge', '--patch', patch)
}

const aged = (name: string, cron: string): Defect => ({
  name,
  change: () => ({}),
  act: async (environment) => {
    await succeeded(environment, cron, 3)
    return async () => {
      await succeeded(environment, cron, 0)
    }
  },
  inputs: monitorAlone,
  found: [
    {
      check: 'monitor backups',
      because: new RegExp(`${cron} succeeded 72 hours ago, expected at most 26 hours`),
    },
  ],
})

/** What shows in the days after a release. */
export const monitorDefects: readonly Defect[] = [
  aged('the newest backup is three days old', 'postgres-backup'),
  aged('no restore has been tried for three days', 'postgres-restore-test'),
  {
    name: 'a container restarts again and again, and serves in between',
    change: (environment) => ({
      apply: [
        withContainer(own(environment, 'Deployment', 'runner-service'), () => ({
          livenessProbe: {
            httpGet: { path: '/no-such-path', port: 'http' },
            periodSeconds: 1,
            failureThreshold: 1,
          },
        })),
      ],
    }),
    inputs: monitorAlone,
    shows: async ({ kubectl }) => {
      const counts = await kubectl(
        'get',
        'pods',
        '--selector=app.kubernetes.io/name=runner-service',
        '--output',
        'jsonpath={.items[*].status.containerStatuses[0].restartCount}',
      )
      return counts.split(' ').some((count) => Number(count) > 0)
    },
    neverReady: true,
    found: [
      { check: 'monitor restarts', because: /one container has restarted, allowed: 0: runner-service-/ },
    ],
  },
]
