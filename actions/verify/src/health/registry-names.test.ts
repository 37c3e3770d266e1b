import { expect, test } from '@jest/globals'
import { digestOf, parseDigest, type FoundManifest } from '@alt-las/registry'
import { registryNames } from './registry-names.ts'
import { parseReleased } from './released.ts'

const found = (mediaType: string, document: object): FoundManifest => {
  const bytes = new TextEncoder().encode(JSON.stringify(document))
  return { digest: digestOf(bytes), mediaType, bytes }
}
const config = (letter: string) => `sha256:${letter.repeat(64)}`
const manifest = (letter: string) =>
  found('application/vnd.oci.image.manifest.v1+json', { config: { digest: config(letter) } })
const amd64 = manifest('1')
const arm64 = manifest('2')
const index = found('application/vnd.oci.image.index.v1+json', {
  manifests: [amd64, arm64].map(({ digest, mediaType }) => ({ digest, mediaType })),
})
const held = new Map([amd64, arm64, index].map((one) => [one.digest, one]))

const opening = () => {
  let asked = 0
  const names = registryNames(() =>
    Promise.resolve({
      getManifest: (reference) => {
        asked += 1
        return Promise.resolve(held.get(parseDigest(reference)) ?? null)
      },
    }),
  )
  return { names, asked: () => asked }
}

test('an index stands for itself, its manifests and their configurations', async () => {
  const { names, asked } = opening()
  const released = parseReleased(`ghcr.io/alt-las/web@${index.digest}`)
  const all = await names.namesOf(released)
  expect([...all].sort()).toEqual([index.digest, amd64.digest, arm64.digest, config('1'), config('2')].sort())
  await names.namesOf(released)
  expect(asked()).toBe(3)
})

test('a manifest stands for itself and its configuration', async () => {
  const all = await opening().names.namesOf(parseReleased(`ghcr.io/alt-las/web@${arm64.digest}`))
  expect([...all].sort()).toEqual([arm64.digest, config('2')].sort())
})

test('an image that is not there is a fault, not an empty answer', async () => {
  const absent = opening().names.namesOf(parseReleased(`ghcr.io/alt-las/web@${config('9')}`))
  await expect(absent).rejects.toThrow('is not in the registry')
})
