import { Failure } from '@alt-las/failure'
import { noAudience } from '../port/audience.ts'
import type { Router, RouterCluster } from '../port/router.ts'
import { canaryHash, pinTo, pinsOf, resetPatchesTo } from './selector.ts'

/**
 * All or nothing by the selector of stable's Service: it is pinned either to blue's pods or to green's, so that the switch is one write of
 * one object, for callers behind a gateway and in the cluster alike.
 */
export function serviceSwitch(cluster: RouterCluster): Router {
  return {
    observe: async (plan) => {
      const pins = await pinsOf(plan, cluster)
      const onGreen = pins.stable !== null && pins.stable === pins.canary
      return {
        rules: [],
        weight: onGreen ? 100 : 0,
        hasCanary: false,
        accepted: true,
        sticky: false,
        because: 'switched',
      }
    },
    split: async (plan, percent, stable) => {
      if (percent !== 0 && percent !== 100) throw halves(percent)
      const to = percent === 0 ? stable : await canaryHash(plan, cluster)
      if (to !== null) await pinTo(plan, to, cluster)
    },
    sendAudience: () => Promise.reject(noAudience('the selector of a Service')),
    restore: () => Promise.resolve(),
    resetPatches: (plan, stable) => resetPatchesTo(plan, stable, cluster),
  }
}

const halves = (percent: number) =>
  new Failure('bad-weight', `a Service cannot be switched to ${percent}%, only to 0% or 100%`, {
    fault: 'ours',
  })
