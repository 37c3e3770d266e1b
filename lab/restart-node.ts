import { existsSync } from 'node:fs'
import { runningPid, stopDaemons } from './base/daemon.ts'
import { readable } from './base/duration.ts'
import { at, type Lab } from './base/lab.ts'
import { bringUp } from './base/part.ts'
import { until } from './base/until.ts'
import { containerd, ctr } from './parts/containerd.ts'
import { healthy, kubectl } from './parts/control-plane.ts'
import { kubelet } from './parts/kubelet.ts'

/**
 * What a reboot of the node means for its pods: the kubelet stops, every container ends without a word, the runtime starts again, and the
 * kubelet finds only what is on disk. The control plane and the registry stay. Returns when every pod that was ready is ready again.
 */
export async function restartNode(lab: Lab): Promise<void> {
  if (!existsSync(at(lab, 'containerd.sock'))) throw new Error('the lab is not up: npm run lab -- up')
  const begun = lab.clock.now()
  const before = (await podsOf(lab)).filter(isReady).map(nameOf)
  await stopDaemons(lab, ['kubelet'])
  const ended = await endContainers(lab)
  await stopDaemons(lab, ['containerd'])
  // The API server still shows the pods as they were: what counts is a container that has started since. Its times are whole seconds.
  const off = Math.floor(Date.now() / 1000) * 1000
  lab.log(`the node is off: ${ended} containers have ended`)
  await bringUp(lab, containerd)
  await startKubelet(lab)
  const missing = async () => {
    const pods = await podsOf(lab)
    return before.filter((name) => pods.some((pod) => nameOf(pod) === name && !isBack(pod, off)))
  }
  let left: readonly string[] = before
  const areBack = async () => {
    left = await missing()
    return left.length === 0
  }
  await until({ what: 'every pod after the restart of the node', seconds: 240 }, areBack, lab.clock).catch(
    (error: unknown) => {
      throw new Error(`${String(error)}; missing: ${left.join(', ')}`)
    },
  )
  lab.log(`the node is back, ${before.length} pods are ready again (${readable(lab.clock.now() - begun)})`)
}

/** Until none is left: a container that was being created may come later. */
async function endContainers(lab: Lab): Promise<number> {
  let ended = 0
  for (;;) {
    const { stdout } = await ctr(lab, ['tasks', 'ls'])
    const running = stdout.split('\n').flatMap((line) => /^(\S+)\s+\d+\s+RUNNING/.exec(line)?.[1] ?? [])
    if (running.length === 0) return ended
    await Promise.all(running.map((task) => ctr(lab, ['tasks', 'kill', '-s', 'SIGKILL', task])))
    ended += running.length
    await lab.clock.sleep(300)
  }
}

/** It ends where the runtime does not answer yet; a service manager would start it again. */
async function startKubelet(lab: Lab): Promise<void> {
  const runs = async () => {
    if (runningPid(lab, kubelet.name) === null) await kubelet.start(lab)
    return await healthy('http://127.0.0.1:10248/healthz')
  }
  await until({ what: kubelet.name, seconds: 60 }, runs, lab.clock)
}

interface Pod {
  readonly metadata: {
    readonly name: string
    readonly namespace: string
    readonly deletionTimestamp?: string
  }
  readonly status: {
    readonly conditions?: readonly { readonly type: string; readonly status: string }[]
    readonly containerStatuses?: readonly {
      readonly state: { readonly running?: { readonly startedAt: string } }
    }[]
  }
}

async function podsOf(lab: Lab): Promise<readonly Pod[]> {
  const answer = await kubectl(lab, ['get', 'pods', '--all-namespaces', '--output', 'json'])
  const { items } = JSON.parse(answer) as { readonly items: readonly Pod[] }
  return items.filter(({ metadata }) => metadata.deletionTimestamp === undefined)
}

const nameOf = ({ metadata }: Pod): string => `${metadata.namespace}/${metadata.name}`

const isReady = ({ status }: Pod): boolean =>
  (status.conditions ?? []).some(({ type, status: is }) => type === 'Ready' && is === 'True')

const isBack = (pod: Pod, off: number): boolean =>
  isReady(pod) &&
  (pod.status.containerStatuses ?? []).every(
    ({ state }) => state.running !== undefined && Date.parse(state.running.startedAt) >= off,
  )
