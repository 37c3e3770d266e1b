import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseAllDocuments } from 'yaml'
import type { Manifest } from '../../../lab/parts/apply.ts'
import { written } from '../rollouts/target.ts'
import type { Stack } from '../stack.ts'
import type { Case } from './case.ts'

const namespace = 'secret-operators'
const folder = join(import.meta.dirname, '../../../kubernetes/secrets')

/** One thing that is wrong with a manifest, and what the API server says. */
interface Fault {
  readonly kind: string
  readonly change: (spec: Spec) => object
  readonly said: RegExp
}

type Spec = Readonly<Record<string, unknown>>

const faults: readonly Fault[] = [
  {
    kind: 'Certificate',
    change: (spec) => ({ ...spec, dnsName: 'x' }),
    said: /unknown field|field not declared/,
  },
  {
    kind: 'Certificate',
    change: (spec) => ({ ...spec, privateKey: { algorithm: 'ECDSA', rotationPolicy: 'Sometimes' } }),
    said: /Unsupported value: "Sometimes"/,
  },
  { kind: 'Issuer', change: () => ({ acme: { server: 'https://x.test' } }), said: /privateKeySecretRef/ },
  {
    kind: 'ExternalSecret',
    change: (spec) => ({ ...spec, target: { name: 'x', deletionPolicy: 'Keep' } }),
    said: /Unsupported value: "Keep"/,
  },
]

export const secretOperators: Case = {
  name: 'secret-operators',
  title:
    'the manifests of kubernetes/secrets are taken whole by the resources of cert-manager and of the External Secrets Operator, which refuse faulty ones',
  minutes: 6,
  run: async ({ stack }) => {
    const { code, output } = await stack.lab('secret-operators')
    assert.equal(code, 0, output)
    await stack.kubectl('create', 'namespace', namespace)
    try {
      const manifests = ['cert-manager.yaml', 'external-secrets.yaml'].flatMap(manifestsIn)
      await apply(stack, manifests)
      for (const manifest of manifests) await expectKept(stack, manifest)
      for (const fault of faults) await expectRefused(stack, manifests, fault)
    } finally {
      await stack.kubectl('delete', 'namespace', namespace)
    }
  },
}

const manifestsIn = (name: string): readonly Manifest[] =>
  parseAllDocuments(readFileSync(join(folder, name), 'utf8')).map((document) => {
    const manifest = document.toJS() as Manifest
    return { ...manifest, metadata: { ...manifest.metadata, namespace } }
  })

const apply = (stack: Stack, manifests: readonly Manifest[]): Promise<string> =>
  stack.kubectl('apply', '--server-side', '--validate=strict', '--filename', written(manifests))

/** No field was dropped: what was written is part of what is stored. */
async function expectKept(stack: Stack, { kind, metadata, ...rest }: Manifest): Promise<void> {
  const stored = await stack.get<Manifest>(kind, metadata.name, '--namespace', namespace)
  assert.partialDeepStrictEqual(stored['spec'], rest['spec'])
  console.log(`${kind} ${metadata.name}: stored whole`)
}

async function expectRefused(stack: Stack, manifests: readonly Manifest[], fault: Fault): Promise<void> {
  const { kind, change, said } = fault
  const right = manifests.find((one) => one.kind === kind)
  assert.ok(right, `kubernetes/secrets has no ${kind}`)
  await assert.rejects(async () => apply(stack, [{ ...right, spec: change(right['spec'] as Spec) }]), said)
}
