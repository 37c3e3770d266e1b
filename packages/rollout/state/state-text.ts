import { brotliCompressSync, brotliDecompressSync, constants } from 'node:zlib'
import { Failure } from '@alt-las/failure'
import { type Deployment, fromJson, toJson } from '@alt-las/kubernetes'
import { type Rollout, rolloutSchema } from '../model/rollout.ts'
import { currentVersion, migrated } from './migrations.ts'
import { isRollout, whatIsWrong } from './validate-state.ts'

/** Maximum size of a state in bytes: the API server's limit is 1 MiB for the whole object. */
export const mostBytes = 200 * 1024

/** Up to here the state is plain JSON, readable with kubectl. */
const plainBytes = 96 * 1024

/** With the workloads compressed. */
const packedSchema = `${rolloutSchema}+packed` as const

interface Packed extends Omit<Rollout, 'schema'> {
  readonly schema: typeof packedSchema
  /** Base64 of Brotli of the JSON list of workloads: the plan's, the previous one, then the releases'. */
  readonly workloads: string
}

/**
 * The state as text of at most 200 KiB: the workloads of large states are compressed (they are nearly alike), and if that is not enough,
 * those of the oldest releases are dropped. Throws Failure `state-too-large` (fault input) if even the plan alone has no room.
 */
export function writeState(rollout: Rollout): string {
  const plain = toJson(rollout)
  if (size(plain) <= plainBytes) return plain
  for (let small: Rollout | null = rollout; small !== null; small = withoutOldest(small)) {
    const text = toJson(pack(small))
    if (size(text) <= mostBytes) return text
  }
  throw new Failure(
    'state-too-large',
    `${rollout.plan.namespace}/${rollout.plan.deployment}: the state of the rollout would take ${Math.ceil(size(plain) / 1024)} KiB, expected at most ${mostBytes / 1024} KiB compressed`,
    { fault: 'input', hint: 'make the workload smaller: move large values into a ConfigMap' },
  )
}

/** Reads a state of this version or an older one; throws Failure `bad-state` for any other: never guesses. */
export function readStateText(text: string, where: string): Rollout {
  const bad = (what: string, hint = 'inspect the target, then remove this ConfigMap') =>
    new Failure('bad-state', `the state in ${where} cannot be read: ${what}`, { fault: 'outside', hint })
  const state = parsed(text)
  if (state === null) throw bad('it is not a JSON object')
  if (isDeep(state)) throw bad(`it nests deeper than ${mostLevels} levels`)
  const { schema } = state
  const [, version, packed] = (typeof schema === 'string' ? schemaPattern.exec(schema) : null) ?? []
  if (version === undefined) throw bad(`got schema ${toJson(schema)}, expected ${rolloutSchema}`)
  if (Number(version) > currentVersion)
    throw bad(
      `it has version ${version}, this version of the action reads up to ${currentVersion}`,
      'a newer version of this action wrote it: use that version or a newer one',
    )
  const whole = packed === undefined ? state : unpacked(state)
  if (whole === null) throw bad('its compressed workloads cannot be read')
  const rollout: unknown = migrated(whole, Number(version))
  const problem = whatIsWrong(rollout)
  if (problem !== null || !isRollout(rollout)) throw bad(problem ?? '')
  return rollout
}

type Json = Readonly<Record<string, unknown>>

const schemaPattern = /^alt-las-delivery\/rollout\/v([1-9]\d{0,3})(\+packed)?$/

function parsed(text: string): Json | null {
  try {
    return objectOf(fromJson(text))
  } catch {
    return null
  }
}

/** Checking and writing it recurse. */
const mostLevels = 100

function isDeep(root: unknown): boolean {
  let level: readonly unknown[] = [root]
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > mostLevels) return true
    level = level.flatMap((value) =>
      typeof value === 'object' && value !== null ? Object.values(value) : [],
    )
  }
  return false
}

const objectOf = (value: unknown): Json | null =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : null

/** The plan's workload, the one before, then those of the releases; null = none, or dropped. */
export const workloadsOf = ({ plan, baseline, releases }: Rollout) => [
  plan.desired,
  baseline.workload,
  ...releases.list.map(({ desired }) => desired),
]

function pack(rollout: Rollout): Packed {
  const { plan, baseline, releases } = rollout
  const json = Buffer.from(toJson(workloadsOf(rollout)))
  // The window covers all of them, so that their common parts cost nothing.
  const params = { [constants.BROTLI_PARAM_LGWIN]: 22, [constants.BROTLI_PARAM_QUALITY]: 5 }
  return {
    ...rollout,
    schema: packedSchema,
    plan: { ...plan, desired: nothing },
    baseline: { ...baseline, workload: null },
    releases: { ...releases, list: releases.list.map((one) => ({ ...one, desired: null })) },
    workloads: brotliCompressSync(json, { params }).toString('base64'),
  }
}

/** For every version: only the key of the baseline has changed since the first. null if it is not consistent. */
function unpacked({ workloads, ...packed }: Json): Json | null {
  const list = unzipped(workloads)
  const releases = objectOf(packed['releases'])
  const plan = objectOf(packed['plan'])
  const key = 'baseline' in packed ? 'baseline' : 'before'
  if (list === null || releases === null || plan === null || !Array.isArray(releases['list'])) return null
  const [desired, workload, ...others] = list
  const releaseList = (releases['list'] as readonly unknown[]).map((one, index) => ({
    ...objectOf(one),
    desired: others[index] ?? null,
  }))
  return {
    ...packed,
    schema: String(packed['schema']).replace('+packed', ''),
    plan: { ...plan, desired },
    [key]: { ...objectOf(packed[key]), workload: workload ?? null },
    releases: { ...releases, list: releaseList },
  }
}

/** Maximum unpacked size: a larger state is not ours. */
const mostUnpackedBytes = 20 * 1024 * 1024

function unzipped(workloads: unknown): readonly unknown[] | null {
  if (typeof workloads !== 'string') return null
  try {
    const options = { maxOutputLength: mostUnpackedBytes }
    const list: unknown = fromJson(brotliDecompressSync(Buffer.from(workloads, 'base64'), options).toString())
    return Array.isArray(list) && !isDeep(list) ? list : null
  } catch {
    return null
  }
}

/** Without the workload of the oldest release that still has one; null = none left to drop. */
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
