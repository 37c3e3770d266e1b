import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { readable } from '../base/duration.ts'
import type { Lab } from '../base/lab.ts'
import { cached, isCached } from '../build/cached.ts'
import { contentsOf, keyOf } from '../build/key.ts'
import { guardImage } from './guard.ts'
import { builderImage, runtimeImage } from './node.ts'
import { bundleOf, packageChecksums, unpackDebian } from './debian-root.ts'
import { writeLayout } from './layout.ts'
import type { WorldImage } from './image.ts'
import { postgresImage } from './postgres.ts'
import { prometheusImage } from './prometheus.ts'
import { pushLayout, registryDigest } from './push.ts'

export const worldImageList: readonly WorldImage[] = [
  builderImage,
  runtimeImage,
  postgresImage,
  prometheusImage,
  guardImage,
]

/** Fills the local mirror with the images that the services and their manifests name. */
export async function pushWorldImages(lab: Lab): Promise<void> {
  const checksums = await packageChecksums(lab, [
    ...new Set(worldImageList.flatMap((image) => image.packages)),
  ])
  // How they are made is part of what they are.
  const recipes = contentsOf(import.meta.dirname)
  for (const image of worldImageList) {
    const packages = image.packages.map((name) => checksums.get(name) ?? name)
    const key = keyOf([...packages, JSON.stringify(image.config), bundleOf(lab), ...recipes, ...image.inputs])
    await pushLayout(lab, await worldLayout(lab, image, key), image.name)
  }
}

/** `name@digest` of an image that the mirror holds, as a workflow's variable has it. */
export async function pinned(lab: Lab, image: WorldImage): Promise<string> {
  const digest = await registryDigest(lab, image.name)
  if (digest === null) throw new Error(`${image.name}: not in the lab's mirror; npm run lab -- up fills it`)
  return `${image.name.replace(/:[^:/]+$/, '')}@${digest}`
}

async function worldLayout(lab: Lab, image: WorldImage, key: string): Promise<string> {
  const name = `image-${image.folder}`
  const known = isCached(lab, name, key)
  const begun = lab.clock.now()
  const layout = await cached(lab, { name, key }, async (folder) => {
    lab.log(`making ${image.name}`)
    const root = join(folder, 'root')
    await unpackDebian(lab, image.packages, root)
    await image.fill(lab, root)
    await writeLayout(root, image.config, folder)
    rmSync(root, { recursive: true })
  })
  if (!known) lab.log(`made ${image.name} in ${readable(lab.clock.now() - begun)}`)
  return layout
}
