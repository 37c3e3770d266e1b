import { execFileSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { parseAllDocuments } from 'yaml'
import { folder, type Manifest, podsOf, production, services } from './read.ts'

const beta = (name: string): string => join(folder('beta'), name)
const slices = readdirSync(folder('beta')).filter((name) => name !== 'whole')
const text = built('whole')

/** The manifests of an overlay; null where this machine has neither kubectl nor kustomize. The lab's case `beta` builds it as well. */
function built(name: string): string | null {
  for (const [tool, command] of [
    ['kubectl', 'kustomize'],
    ['kustomize', 'build'],
  ] as const)
    try {
      return execFileSync(tool, [command, beta(name)], { encoding: 'utf8' })
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    }
  return null
}

const parsed = (source: string | null): readonly Manifest[] =>
  parseAllDocuments(source ?? '').map((one) => one.toJS() as Manifest)
const titles = (manifests: readonly Manifest[]) =>
  manifests.map(({ kind, metadata }) => `${kind} ${metadata.name}`).sort()
const whole = parsed(text)
const millicores = (quantity = ''): number =>
  quantity.endsWith('m') ? Number(quantity.slice(0, -1)) : Number(quantity) * 1000

/** By the name of the part; built once. */
const parts = new Map(text === null ? [] : slices.map((name) => [name, parsed(built(name))]))

const described = text === null ? describe.skip : describe

described('kubernetes/beta', () => {
  test('is all in atlas-beta, and nothing in it leads to production', () => {
    for (const { kind, metadata } of whole)
      expect(kind === 'Namespace' ? metadata.name : metadata.namespace).toBe('atlas-beta')
    expect(text).not.toContain('atlas-production')
  })

  test('runs all five services, the Runner too, each once', () => {
    const replicas = podsOf(whole).filter(({ labels }) => labels['app.kubernetes.io/component'] === 'service')
    expect(Object.fromEntries(replicas.map((one) => [one.name, one.replicas]))).toEqual(
      Object.fromEntries([...services, 'runner-service'].map((name) => [name, 1])),
    )
  })

  test('asks for less than production', () => {
    const cpu = (manifests: readonly Manifest[], name: string) =>
      podsOf(manifests).find((one) => one.name === name)?.pod.containers[0]?.resources
    for (const name of [...services, 'postgres']) {
      const [small, large] = [cpu(whole, name), cpu(production, name)]
      expect(millicores(small?.requests?.['cpu'])).toBeLessThan(millicores(large?.requests?.['cpu']))
      expect(millicores(small?.limits?.['cpu'])).toBeLessThan(millicores(large?.limits?.['cpu']))
    }
  })

  test('shares the ports of the gateway with production: each of its listeners has a host of its own', () => {
    const gateway = whole.find(({ kind }) => kind === 'Gateway')
    const listeners = gateway?.spec?.['listeners'] as readonly { readonly hostname?: string }[]
    for (const { hostname } of listeners) expect(hostname).toContain('beta')
  })

  test('has everything that production has', () => {
    expect(titles(whole)).toEqual(
      expect.arrayContaining(
        titles(production).map((title) =>
          title === 'Namespace atlas-production' ? 'Namespace atlas-beta' : title,
        ),
      ),
    )
  })

  test('is cut into parts for its releases: each object is in one, and the Namespace in none', () => {
    expect([...parts.values()].flatMap(titles).sort()).toEqual(
      titles(whole.filter(({ kind }) => kind !== 'Namespace')),
    )
  })

  test('has a part for each service, with its one Deployment', () => {
    expect(slices.sort()).toEqual([...services, 'platform', 'runner-service'].sort())
    for (const [name, manifests] of parts)
      if (name !== 'platform')
        expect(titles(manifests.filter(({ kind }) => kind === 'Deployment'))).toEqual([`Deployment ${name}`])
  })
})
