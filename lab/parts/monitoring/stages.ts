import { join } from 'node:path'
import { parseAllDocuments } from 'yaml'
import { addresses } from '../../addresses.ts'
import { at, type Lab } from '../../base/lab.ts'
import { daemonPart, statePart, type Part } from '../../base/part.ts'
import { run } from '../../base/run.ts'
import { apply, type Manifest } from '../apply.ts'
import { kubectl } from '../control-plane.ts'
import { production } from '../production.ts'
import { storage } from '../storage.ts'
import { fitted } from './fitted.ts'
import { pushMonitoringImages } from './images.ts'

/** Messages of alerts, one JSON line each, in its log. */
const receiver = daemonPart({
  name: 'receiver',
  daemon: (lab) => ({
    command: process.execPath,
    args: [
      join(lab.repository, 'lab/stand-ins/receiver/main.ts'),
      addresses.node,
      String(addresses.receiverPort),
    ],
  }),
  isReady: async () => {
    const url = `http://${addresses.node}:${addresses.receiverPort}/`
    return (await run('curl', ['--silent', '--noproxy', '*', '--max-time', '2', url])).code === 0
  },
  patience: 20,
})

const images = statePart('monitoring images', pushMonitoringImages)

const applied: Part = {
  name: 'monitoring',
  isUp: () => Promise.resolve(false),
  start: async (lab) => {
    const fit = { podLogs: at(lab, 'pod-logs'), positions: at(lab, 'collector') }
    const environment = (await built(lab, 'production')).filter(isMonitoring)
    const observers = await built(lab, 'monitoring/observers')
    await apply(lab, fitted([...environment, ...observers], fit))
  },
  isReady: async (lab) => {
    const answers = await Promise.all(workloads.map((one) => isRolledOut(lab, one)))
    return answers.every((answer) => answer)
  },
  patience: 240,
}

/**
 * The rest of production's monitoring, as an administrator applies it beside a release: Alertmanager, Loki, the observers, and where alerts
 * arrive.
 */
export const monitoringStages: readonly (readonly Part[])[] = [
  [storage, images, receiver],
  [production],
  [applied],
]

const workloads = [
  ['atlas-production', 'deployment/prometheus'],
  ['atlas-production', 'statefulset/alertmanager'],
  ['atlas-production', 'statefulset/loki'],
  ['atlas-production-observers', 'deployment/state-metrics'],
  ['atlas-production-observers', 'daemonset/collector'],
] as const

/** The parts of kubernetes/production that watch it, and the network policies. */
const isMonitoring = ({ kind, metadata }: Manifest): boolean =>
  kind === 'NetworkPolicy' || metadata.labels?.['app.kubernetes.io/component'] === 'monitoring'

async function built(lab: Lab, folder: string): Promise<readonly Manifest[]> {
  const text = await kubectl(lab, ['kustomize', join(lab.repository, 'kubernetes', folder)])
  return parseAllDocuments(text).map((one) => one.toJS() as Manifest)
}

async function isRolledOut(lab: Lab, [namespace, workload]: (typeof workloads)[number]): Promise<boolean> {
  try {
    await kubectl(lab, ['-n', namespace, 'rollout', 'status', workload, '--watch=false'])
    const ready = await kubectl(lab, ['-n', namespace, 'rollout', 'status', workload, '--timeout=1s'])
    return /successfully rolled out|roll out complete|rolling update complete/.test(ready)
  } catch {
    return false
  }
}
