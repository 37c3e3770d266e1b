import { randomBytes } from 'node:crypto'
import { Failure } from '@alt-las/failure'
import {
  type At,
  type Cluster,
  type ConfigMap,
  type Secret,
  compareAndSwap,
  isUnclear,
  sameVersion,
} from '@alt-las/kubernetes'
import { keySecret, manager, stateLabel } from '../model/names.ts'
import { type Holding, whileHeld } from './lease.ts'
import { type StateKey, keyLength, stateKey } from './signature.ts'
import { signatureEntry, textOf } from './state-entries.ts'

/** The key of a namespace; null before its first rollout. Throws Failure `bad-state` where its Secret holds none. */
export async function findKey(namespace: string, cluster: Pick<Cluster, 'get'>): Promise<StateKey | null> {
  const secret = await cluster.get<Secret>(keyAt(namespace))
  return secret === null ? null : keyIn(secret)
}

export interface KeyPorts {
  readonly cluster: Pick<Cluster, 'get' | 'list' | 'apply' | 'patch'>
  readonly holding: Pick<Holding, 'keep' | 'leftMs'>
  /** That many random bytes; default: from the operating system. */
  readonly random?: ((length: number) => Uint8Array) | undefined
}

/**
 * The key of a namespace, made at its first rollout. States that were written before there was one are signed with it; until all of them are,
 * the Secret says so and they count without a signature. Every step may be repeated, by this run or another.
 */
export async function ensureKey(
  namespace: string,
  { cluster, holding, random = randomBytes }: KeyPorts,
): Promise<StateKey> {
  const at = keyAt(namespace)
  for (let attempt = 1; ; attempt += 1) {
    // Applied without a key: an existing one keeps what it has.
    const found = await cluster.get<Secret>(at)
    const secret =
      found ?? (await whileHeld(holding, (limit) => cluster.apply(emptySecret(namespace), manager, limit)))
    try {
      const same = sameVersion(secret)
      const known = keyIn(secret)
      if (known?.isAdopting === false) return known
      if (known === null) {
        const key = Buffer.from(random(keyLength)).toString('base64')
        const data = { [keyEntry]: key, [adoptingEntry]: yes }
        await whileHeld(holding, (limit) =>
          compareAndSwap(at, [same, { op: 'add', path: '/data', value: data }], cluster, limit),
        )
        continue
      }
      await signAll(namespace, known, { cluster, holding })
      const over = { op: 'remove', path: `/data/${adoptingEntry}` } as const
      await whileHeld(holding, (limit) => compareAndSwap(at, [same, over], cluster, limit))
    } catch (error) {
      // Another run was faster, or the answer was lost: read the Secret again.
      if (!isUnclear(error) || attempt >= mostTries) throw error
    }
  }
}

const mostTries = 6
const keyEntry = 'key'
const adoptingEntry = 'adopting'
const yes = Buffer.from('yes').toString('base64')

/** Signs every state that has no signature. */
async function signAll(
  namespace: string,
  key: StateKey,
  { cluster, holding }: Pick<KeyPorts, 'cluster' | 'holding'>,
): Promise<void> {
  const at = { apiVersion: 'v1', kind: 'ConfigMap', namespace }
  for (const state of await cluster.list<ConfigMap>({ ...at, labelSelector: stateLabel })) {
    const { name } = state.metadata
    const text = textOf(state)
    if (text === null || state.data?.[signatureEntry] !== undefined) continue
    const value = key.sign({ namespace, name }, text)
    const add = { op: 'add', path: `/data/${signatureEntry}`, value } as const
    await whileHeld(holding, (limit) =>
      compareAndSwap({ ...at, name }, [sameVersion(state), add], cluster, limit),
    )
  }
}

function keyIn({ data, metadata }: Secret): StateKey | null {
  const text = data?.[keyEntry]
  if (text === undefined) return null
  const bytes = Buffer.from(text, 'base64')
  if (bytes.length === keyLength) return stateKey(bytes, data?.[adoptingEntry] !== undefined)
  throw new Failure(
    'bad-state',
    `the key in Secret ${metadata.name} has ${bytes.length} bytes, expected ${keyLength}`,
    {
      fault: 'outside',
      hint: 'look at the targets by hand, then remove this Secret: the next rollout makes a new one',
    },
  )
}

const keyAt = (namespace: string): At => ({ apiVersion: 'v1', kind: 'Secret', namespace, name: keySecret })

const emptySecret = (namespace: string): Secret => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name: keySecret, namespace, labels: { 'app.kubernetes.io/managed-by': manager } },
  type: 'Opaque',
})
