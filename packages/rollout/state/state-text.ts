import { brotliCompressSync, brotliDecompressSync, constants } from 'node:zlib'
import { Failure } from '@alt-las/failure'
import type { Deployment } from '@alt-las/kubernetes'
import { type Rollout, rolloutSchema } from '../model/rollout.ts'
import { parseRollout } from './parse-rollout.ts'

/** What a state may take, in bytes: the API server's limit is 1 MiB for all of the object. */
export const mostBytes = 200 * 1024

/** Up to here the state is plain JSON, for whoever looks at it with kubectl. */
const plainBytes = 96 * 1024

/** As `rolloutSchema`, with the workloads compressed: older versions of this action refuse it instead of misreading it. */
const packedSchema = 'alt-las-delivery/rollout/v1+packed'

interface Packed extends Omit<Rollout, 'schema'> {
  readonly schema: typeof packedSchema
  /** Base64 of Brotli of the JSON list of workloads: the plan's, the one before, then the releases'. */
  readonly workloads: string
}

/**
 * The state as text of at most 200 KiB: the workloads of large states are compressed (they are nearly alike), and where that is not enough
 * those of the oldest releases are dropped. Throws Failure `state-too-large` (fault input) where even the plan alone has no room.
 */
export function writeState(rollout: Rollout): string {
  const plain = JSON.stringify(rollout)
  if (size(plain) <= plainBytes) return plain
  for (let small: Rollout | null = rollout; small !== null; small = withoutOldest(small)) {
    const text = JSON.stringify(pack(small))
    if (size(text) <= mostBytes) return text
  }
  throw new Failure(
    'state-too-large',
    `${rollout.plan.namespace}/${rollout.plan.deployment}: the state of the rollout would take ${String(Math.ceil(size(plain) / 1024))} KiB, expected at most ${String(mostBytes / 1024)} KiB compressed`,
    { fault: 'input', hint: 'make the workload smaller: large values belong into a ConfigMap' },
  )
}

/** The other way round. Throws Failure `bad-state` as `parseRollout` does. */
export function readStateText(text: string, where: string): Rollout {
  // Only the beginning is looked at: the schema is the first key that is written.
  return text.startsWith(`{"schema":"${packedSchema}"`)
    ? unpack(JSON.parse(text) as Packed)
    : parseRollout(text, where)
}

function pack(rollout: Rollout): Packed {
  const { plan, before, releases } = rollout
  const workloads = [plan.desired, before.workload, ...releases.list.map(({ desired }) => desired)]
  const json = Buffer.from(JSON.stringify(workloads))
  // The window takes in all of them: what one has in common with another costs nothing.
  const params = { [constants.BROTLI_PARAM_LGWIN]: 22, [constants.BROTLI_PARAM_QUALITY]: 5 }
  return {
    ...rollout,
    schema: packedSchema,
    plan: { ...plan, desired: nothing },
    before: { ...before, workload: null },
    releases: { ...releases, list: releases.list.map((one) => ({ ...one, desired: null })) },
    workloads: brotliCompressSync(json, { params }).toString('base64'),
  }
}

function unpack({ workloads, ...packed }: Packed): Rollout {
  const json = brotliDecompressSync(Buffer.from(workloads, 'base64')).toString()
  const [desired, workload, ...others] = JSON.parse(json) as readonly (Deployment | null)[]
  const { plan, before, releases } = packed
  const list = releases.list.map((one, index) => ({ ...one, desired: others[index] ?? null }))
  return {
    ...packed,
    schema: rolloutSchema,
    plan: { ...plan, desired: desired ?? plan.desired },
    before: { ...before, workload: workload ?? null },
    releases: { ...releases, list },
  }
}

/** Without the workload of the oldest release that still has one; null where there is none left to drop. */
function withoutOldest(rollout: Rollout): Rollout | null {
  const { releases } = rollout
  const oldest = releases.list.findIndex(({ desired }) => desired !== null)
  if (oldest < 0) return null
  const list = releases.list.map((one, index) => (index === oldest ? { ...one, desired: null } : one))
  return { ...rollout, releases: { ...releases, list } }
}

const size = (text: string): number => Buffer.byteLength(text)

const nothing: Deployment = {
  apiVersion: '',
  kind: '',
  metadata: { name: '' },
  spec: { selector: {}, template: { spec: { containers: [] } } },
}
