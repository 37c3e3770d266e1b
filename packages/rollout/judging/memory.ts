// Memory of the new version's pods, while the old version stays warm.
import type { Memory, PodMemory } from '@alt-las/telemetry'
import type { Judgement } from '../model/judgement.ts'
import type { Plan } from '../model/plan.ts'
import { quantity } from '@alt-las/kubernetes'

/** `unknown`: it could not be looked at. */
export interface MemoryVerdict {
  readonly kind: 'calm' | 'unknown' | 'fault'
  readonly because: string
}

/** Of the limit: below, a version that is still warming up may grow. */
const high = 0.8
/** Of the limit: so far above the old version's highest it is no usual state. */
const above = 0.1
const fewestSamples = 6
const leastMs = 120_000

/**
 * Whether a pod of the new version will be out of memory before `leftMs` are over, at the pace of its last minutes: near its limit, clearly above all that
 * a pod of the old version had in half an hour, and growing without becoming slower. Pure. `limit` in bytes; null = the container has none.
 */
export function memoryVerdict(
  { canary, stable }: Memory,
  { limit, leftMs }: { readonly limit: number | null; readonly leftMs: number },
): MemoryVerdict {
  if (limit === null) return { kind: 'unknown', because: 'the container has no limit of memory' }
  if (canary.length === 0) return { kind: 'unknown', because: 'there is no series of it' }
  if (stable === null) return { kind: 'unknown', because: "there is no series of stable's pods" }
  for (const one of canary) {
    const growth = growthOf(one)
    if (growth === null || growth.last < Math.max(high * limit, stable + above * limit)) continue
    const untilFull = (limit - growth.last) / growth.perMs
    if (untilFull > leftMs) continue
    return {
      kind: 'fault',
      because:
        `pod ${one.pod} has ${mebibytes(growth.last)} of ${mebibytes(limit)} memory and grows by ${mebibytes(growth.perMs * 60_000)} a minute: ` +
        `it is full in ${Math.max(0, Math.round(untilFull / 1000))} s; stable's pods had at most ${mebibytes(stable)}`,
    }
  }
  return { kind: 'calm', because: 'no pod runs out of memory' }
}

/** null where it does not grow, or more and more slowly, or too little is known. */
function growthOf({ samples }: PodMemory): { readonly last: number; readonly perMs: number } | null {
  const [first, middle, last] = [samples[0], samples[Math.floor(samples.length / 2)], samples.at(-1)]
  if (samples.length < fewestSamples || first === undefined || middle === undefined || last === undefined)
    return null
  if (last.at - first.at < leastMs) return null
  const slope = (from: typeof first, to: typeof first) => (to.value - from.value) / (to.at - from.at)
  const [early, late] = [slope(first, middle), slope(middle, last)]
  return early > 0 && late > 0 && late >= early / 2 ? { last: last.value, perMs: late } : null
}

const mebibytes = (bytes: number): string => `${Math.round(bytes / 2 ** 20)} MiB`

const everyMs = 30_000

/** With a look at the memory, twice a minute; `now` in ms since 1970. Metrics that fail are no fault of the version. */
export async function withMemory(
  judgement: Judgement,
  { plan, now, leftMs }: { readonly plan: Plan; readonly now: number; readonly leftMs: number },
  ask: () => Promise<Memory>,
): Promise<Judgement> {
  const { late } = judgement
  if (late === undefined || now - (late.memory?.at ?? -Infinity) < everyMs) return judgement
  const memory = await ask().catch((): Memory => ({ canary: [], stable: null }))
  return {
    ...judgement,
    late: { ...late, memory: { at: now, ...memoryVerdict(memory, { limit: limitOf(plan), leftMs }) } },
  }
}

function limitOf({ desired, container }: Plan): number | null {
  const found = desired.spec.template.spec.containers.find(({ name }) => name === container)
  const limit = found?.resources?.limits?.['memory']
  return limit === undefined ? null : quantity(limit)
}
