import type { Pod, Terminated } from '@alt-las/kubernetes'
import type { Cause } from '@alt-las/workload-health'
import { isEnding, isReady } from './pod-facts.ts'

/** Restarts of the containers of one version's pods. Pods lost by their node do not count. */
export interface Restarts {
  readonly pods: number
  /** Age of all its pods together, in ms. */
  readonly livedMs: number
  /** In all that time, also before they were ready. */
  readonly ever: number
  /** Since this run first saw each pod ready. */
  readonly lately: number
  /** The newest of these. */
  readonly last: Ended | null
}

interface Ended {
  readonly pod: string
  readonly container: string
  readonly terminated: Terminated
}

/** Counts over all observations of one run. A restart while a pod starts does not count against a serving version. */
export function restartCounter(): (pods: readonly Pod[], now: number) => Restarts {
  const known = new Map<string, number>()
  return (pods, now) => {
    const living = pods.filter((pod) => !isEnding(pod))
    const all = living.flatMap((pod) => {
      const serves = isReady(pod)
      const { containerStatuses = [], initContainerStatuses = [] } = pod.status ?? {}
      // A sidecar is an init container that keeps running.
      return [...initContainerStatuses, ...containerStatuses].map((status) => {
        const key = `${pod.metadata.uid ?? ''} ${status.name}`
        const terminated = status.lastState?.terminated ?? status.state?.terminated
        const lost = isLost(terminated)
        if (lost || (serves && !known.has(key))) known.set(key, status.restartCount)
        const lately = status.restartCount - (known.get(key) ?? status.restartCount)
        const ended =
          terminated === undefined ? null : { pod: pod.metadata.name, container: status.name, terminated }
        return { ever: lost ? 0 : status.restartCount, lately, ended: lately > 0 ? ended : null }
      })
    })
    const finished = all.flatMap(({ ended }) => ended ?? [])
    return {
      pods: living.length,
      livedMs: sum(living.map(({ metadata }) => now - Date.parse(metadata.creationTimestamp ?? ''))),
      ever: sum(all.map(({ ever }) => ever)),
      lately: sum(all.map(({ lately }) => lately)),
      last: [...finished].sort((a, b) => (endOf(a) < endOf(b) ? 1 : -1))[0] ?? null,
    }
  }
}

/**
 * Why the new version's restarts end its rollout; null while they may be chance. Pure. At least two, and so many that fewer than `risk` of all
 * rollouts of equal versions would have them: restarts are split between the versions like pod-hours (a binomial tail), against the whole
 * lifetime of stable's pods and, if stable restarts at the same time, also pod by pod: a shared cause is not the new version's fault. The n-th restart gets
 * risk / (n (n - 1)), so that all observations together stay within it.
 */
export function restartCause(canary: Restarts, stable: Restarts, risk: number): Cause | null {
  const { lately, last } = canary
  if (lately < 2 || last === null) return null
  const inLife = tail(lately, lately + stable.ever, canary.livedMs / (canary.livedMs + stable.livedMs))
  const atOnce = tail(lately, lately + stable.lately, canary.pods / (canary.pods + stable.pods))
  const chance = stable.lately === 0 ? inLife : Math.max(inLife, atOnce)
  if (!(chance <= risk / (lately * (lately - 1)))) return null
  const { pod, container, terminated } = last
  const { exitCode, reason, finishedAt } = terminated
  const theirs = stable.lately === 0 ? 'not once' : times(stable.lately)
  return {
    kind: reason === 'OOMKilled' ? 'out-of-memory' : 'crash-loop',
    because:
      `its containers restarted ${times(lately)} in ${pods(canary)} since they were ready, ` +
      `those of stable's ${pods(stable)} ${theirs}; last: container ${container} of pod ${pod}, ` +
      `exit code ${exitCode}${reason === undefined ? '' : ` (${reason})`}`,
    heals: false,
    graceMs: 0,
    since: finishedAt === undefined ? null : Date.parse(finishedAt),
    fault: 'version',
    about: `restarts, exit code ${exitCode}`,
    evidence: {
      ...{ restarts: lately, pods: canary.pods, stableRestarts: stable.lately, stablePods: stable.pods },
      ...{ stableEver: stable.ever, chance, exitCode, reason, finishedAt },
    },
    pod,
    container,
    hasLog: true,
  }
}

/** After a reboot, or if the runtime has lost the container, the kubelet does not know how it ended. */
const isLost = (terminated: Terminated | undefined): boolean =>
  terminated?.reason === 'ContainerStatusUnknown' || terminated?.reason === 'Unknown'

/** The probability of `least` or more hits of `all`, each with probability `share`; NaN for an invalid share. */
export function tail(least: number, all: number, share: number): number {
  if (!(share > 0 && share < 1)) return share >= 1 || least <= 0 ? 1 : share
  let term = Math.log1p(-share) * all
  let total = least <= 0 ? Math.exp(term) : 0
  for (let k = 1; k <= all; k += 1) {
    term += Math.log((all - k + 1) / k) + Math.log(share) - Math.log1p(-share)
    if (k >= least) total += Math.exp(term)
  }
  return Math.min(1, total)
}

const endOf = ({ terminated }: Ended): string => terminated.finishedAt ?? ''
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)
const times = (count: number): string => (count === 1 ? 'once' : `${count} times`)
const pods = ({ pods: count }: Restarts): string => (count === 1 ? '1 pod' : `${count} pods`)
