import { readFileSync } from 'node:fs'
import { describe, expect, test } from '@jest/globals'
import { keySecret } from '../../packages/rollout/model/names.ts'
import { folder, type Manifest, manifestsIn, podsOf, production } from './read.ts'

interface Row {
  readonly name: string
  readonly keys: readonly string[]
  readonly maker: string
  readonly reader: string
}

const readme = readFileSync(folder('README.md'), 'utf8')
const section = readme.split('\n## Secrets\n')[1]?.split('\n## ')[0] ?? ''
const namesInText = (text: string): readonly string[] =>
  [...text.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name)
const rows = section
  .split('\n')
  .filter((line) => line.startsWith('| `'))
  .map((line): Row => {
    const [name = '', keys = '', maker = '', reader = ''] = line
      .split('|')
      .slice(1)
      .map((cell) => cell.trim())
    return { name: name.replaceAll('`', ''), keys: namesInText(keys), maker, reader }
  })
const row = (name: string): Row | undefined => rows.find((one) => one.name === name)

/** Every object of production, and what is beside it. */
const manifests: readonly Manifest[] = [
  ...production,
  ...manifestsIn('beta/whole/runner-service.yaml'),
  ...manifestsIn('secrets/cert-manager.yaml'),
]

/** Secret and key, wherever a manifest names one. */
function referencesIn(value: unknown): readonly { readonly name: string; readonly key?: string }[] {
  if (typeof value !== 'object' || value === null) return []
  const { secretKeyRef, secret, certificateRefs, imagePullSecrets, secretRef, privateKeySecretRef } =
    value as {
      readonly secretKeyRef?: { readonly name: string; readonly key: string }
      readonly secret?: { readonly secretName: string; readonly items?: readonly { readonly key: string }[] }
      readonly certificateRefs?: readonly { readonly name: string }[]
      readonly imagePullSecrets?: readonly { readonly name: string }[]
      readonly secretRef?: { readonly name: string }
      readonly privateKeySecretRef?: { readonly name: string }
    }
  return [
    ...(secretKeyRef === undefined ? [] : [secretKeyRef]),
    ...(secret?.secretName === undefined
      ? []
      : (secret.items ?? [{}]).map((item) => ({ name: secret.secretName, ...item }))),
    ...(certificateRefs ?? []),
    ...(imagePullSecrets ?? []),
    ...(secretRef === undefined ? [] : [secretRef]),
    ...(privateKeySecretRef === undefined ? [] : [privateKeySecretRef]),
    ...Object.values(value).flatMap(referencesIn),
  ]
}

const references = manifests.flatMap((manifest) =>
  referencesIn(manifest).map((reference) => ({ ...reference, by: manifest.metadata.name })),
)

describe('the table of Secrets', () => {
  test('lists every Secret that a manifest names or the rollout makes, and no other', () => {
    const inCluster = rows.filter(({ name }) => name !== 'KUBE_CONFIG').map(({ name }) => name)
    expect(inCluster.sort()).toEqual([...new Set([...references.map(({ name }) => name), keySecret])].sort())
  })

  test('says who makes each and who reads it', () => {
    for (const { maker, reader } of rows) {
      expect(maker.length).toBeGreaterThan(10)
      expect(reader.length).toBeGreaterThan(5)
    }
  })

  test('names every key that a pod reads', () => {
    for (const { name, key } of references) if (key !== undefined) expect(row(name)?.keys).toContain(key)
  })

  test('names the pods that read the password of the database, and each of them does', () => {
    const readers = podsOf(manifests)
      .filter(({ pod }) => referencesIn(pod).some(({ name }) => name === 'postgres-credentials'))
      .map(({ name }) => name)
    expect([...namesInText(row('postgres-credentials')?.reader ?? '')].sort()).toEqual(readers.sort())
  })

  test('names the services whose images the kubelet pulls with a login', () => {
    const accounts = references.filter(({ name }) => name === 'ghcr-pull').map(({ by }) => by)
    expect([...namesInText(row('ghcr-pull')?.reader ?? '')].sort()).toEqual(accounts.sort())
  })
})

describe('kubernetes/secrets', () => {
  test('the External Secrets Operator makes the same Secrets with the same keys', () => {
    for (const { kind, metadata, spec } of manifestsIn('secrets/external-secrets.yaml')) {
      const { target, data } = spec as {
        readonly target: {
          readonly name: string
          readonly template?: { readonly data: Readonly<Record<string, string>> }
        }
        readonly data: readonly { readonly secretKey: string }[]
      }
      expect(kind).toBe('ExternalSecret')
      expect(target.name).toBe(metadata.name)
      const keys =
        target.template === undefined ? data.map((one) => one.secretKey) : Object.keys(target.template.data)
      expect(keys.sort()).toEqual([...(row(metadata.name)?.keys ?? [])].sort())
    }
  })

  test('cert-manager makes the Secret that the gateway reads, through the listener of plain HTTP', () => {
    const [issuer, certificate] = manifestsIn('secrets/cert-manager.yaml')
    expect(certificate?.spec).toMatchObject({
      secretName: 'atlas-tls',
      issuerRef: { name: issuer?.metadata.name },
    })
    expect(issuer?.spec).toMatchObject({
      acme: {
        solvers: [{ http01: { gatewayHTTPRoute: { parentRefs: [{ name: 'atlas', sectionName: 'http' }] } } }],
      },
    })
  })
})
