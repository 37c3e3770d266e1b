import { rm } from 'node:fs/promises'
import { expect, test } from '@jest/globals'
import { blobPath, images, readLayout } from '@alt-las/registry'
import { writeLayout } from '@alt-las/testing'
import { platformImages } from './image.ts'

test.each([
  [true, 'a layer cannot be read'],
  [false, 'the practice is not judged'],
])('where the practice is judged: %p, the number of a named user says: %s', async (isJudged, because) => {
  const { path } = await writeLayout({ config: { User: 'app' } })
  const layout = await readLayout(path)
  for (const { layers } of images(layout)) for (const { digest } of layers) await rm(blobPath(path, digest))
  const [image] = await platformImages(layout, { isJudged })
  expect(image?.userId).toMatchObject({
    kind: 'unknown',
    because: expect.stringContaining(because) as unknown,
  })
})
