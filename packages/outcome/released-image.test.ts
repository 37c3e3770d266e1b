import { mkdir, mkdtemp, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from '@jest/globals'
import { outcomeDocument } from '@alt-las/testing'
import { isDocumentPath, maxDocumentBytes, pushedImageAt, releasedImagesAt } from './index.ts'

const image = (service: string) => `ghcr.io/alt-las/${service}@sha256:${'a'.repeat(64)}`
const pushed = (service: string) =>
  outcomeDocument('push-image', { subject: { service }, evidence: { image: image(service) } })

let directory = ''

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'pushed images '))
  const files: Readonly<Record<string, object>> = {
    'good/web': pushed('web'),
    'good/api': pushed('api'),
    'mixed/web': pushed('web'),
    'mixed/scan': outcomeDocument('scan-trivy'),
    'mixed/refused': outcomeDocument('push-image', { outcome: 'refused', because: 'the scan refused it' }),
    'mixed/preflight': outcomeDocument('push-image', { evidence: { operation: 'preflight', image: null } }),
    'mixed/tag': outcomeDocument('push-image', { evidence: { image: 'ghcr.io/alt-las/web:v1' } }),
    'old/newer': { ...pushed('web'), schema: 'alt-las-delivery/outcome/v9' },
    'old/huge': {},
  }
  for (const [name, document] of Object.entries(files)) {
    await mkdir(join(directory, name), { recursive: true })
    await writeFile(join(directory, name, 'push-image.json'), JSON.stringify(document))
  }
  await truncate(join(directory, 'old/huge/push-image.json'), maxDocumentBytes + 1)
})

describe('pushedImageAt', () => {
  test('reads the image and the service, by a path from the folder or a whole one', () => {
    const path = 'good/web/push-image.json'
    const expected = { service: 'web', image: image('web') }
    expect(pushedImageAt(path, directory)).toEqual(expected)
    expect(pushedImageAt(join(directory, path), '/')).toEqual(expected)
  })

  test.each([
    ['mixed/scan', 'it was written by scan-trivy, expected push-image'],
    ['mixed/refused', 'got the outcome refused (the scan refused it), expected passed'],
    ['mixed/preflight', 'got operation preflight, expected push: it names no image'],
    ['mixed/tag', 'got the image "ghcr.io/alt-las/web:v1", expected name@sha256:…'],
    ['old/newer', 'its schema is "alt-las-delivery/outcome/v9"'],
    ['old/huge', 'cannot read old/huge/push-image.json'],
    ['absent', 'cannot read absent/push-image.json'],
  ])('%s proves no image: %s', (name, why) => {
    expect(() => pushedImageAt(`${name}/push-image.json`, directory)).toThrow(why)
  })
})

describe('releasedImagesAt', () => {
  test('finds the images of a release in order', () => {
    const expected = ['api', 'web'].map((service) => ({ service, image: image(service) }))
    expect(releasedImagesAt('good/*/push-image.json', directory)).toEqual(expected)
    expect(releasedImagesAt(join(directory, 'good/*/push-image.json'), '/')).toEqual(expected)
  })

  test('lists every problem, and a pattern that finds nothing', () => {
    const act = () => releasedImagesAt('mixed/*/push-image.json', directory)
    expect(act).toThrow(/preflight.*; mixed\/refused.*; mixed\/scan.*; mixed\/tag/)
    expect(() => releasedImagesAt('none/*.json', directory)).toThrow('none/*.json matches no file')
  })
})

describe('releasedImagesAt with documents of canary-deploy', () => {
  const target = (deployment: string, verdict: string, of = image(deployment)) => ({
    ...outcomeDocument('canary-deploy').evidence.targets?.[0],
    deployment,
    verdict,
    image: of,
  })
  const written = async (document: object) => {
    const path = join(directory, 'rollback.json')
    await writeFile(path, JSON.stringify(document))
    return releasedImagesAt('rollback.json', directory)
  }
  const rollback = (targets: readonly object[], more: object = {}) =>
    outcomeDocument('canary-deploy', {
      evidence: { operation: 'rollback', targets: targets as never },
      ...more,
    })

  test('every target runs the image that it returned to', async () => {
    const document = rollback([target('web', 'rolled-back'), target('api', 'unchanged')])
    expect(await written(document)).toEqual(
      ['web', 'api'].map((service) => ({ service, image: image(service) })),
    )
  })

  test.each([
    [
      'a refused one',
      rollback([target('web', 'rolled-back')], { outcome: 'refused' }),
      'got the outcome refused',
    ],
    ['one without targets', rollback([]), 'got operation rollback with 0 targets'],
    [
      'one that only looked',
      outcomeDocument('canary-deploy', {
        evidence: { operation: 'status', targets: [target('web', 'promoted')] as never },
      }),
      'got operation status with 1 targets',
    ],
    ['a paused one', rollback([target('web', 'paused')]), 'got the verdict paused for web'],
    ['one by tag', rollback([target('web', 'promoted', 'ghcr.io/alt-las/web:v1')]), 'expected name@sha256:…'],
  ])('%s proves none', async (_, document, why) => {
    await expect(written(document)).rejects.toThrow(why)
  })
})

test('a document is told from an image by its ending', () => {
  expect([image('web'), 'outcomes/web/push-image.json'].map(isDocumentPath)).toEqual([false, true])
})
