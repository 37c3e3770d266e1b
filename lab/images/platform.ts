import { chmodSync, cpSync, mkdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { tool, type Lab } from '../base/lab.ts'
import { cached } from '../build/cached.ts'
import { keyOf } from '../build/key.ts'
import { systemBundle } from '../parts/pki.ts'
import { platformImages } from '../versions.ts'
import { writeLayout, type ImageConfig } from './layout.ts'
import { pushLayout } from './push.ts'

export interface ProgramImage {
  readonly name: string
  readonly program: string
  readonly config: ImageConfig
}

export const plain = (program: string, user: string): ImageConfig => ({
  User: user,
  Entrypoint: [`/${program}`],
  WorkingDir: '/',
  Env: ['PATH=/'],
})

const images: readonly ProgramImage[] = [
  { name: platformImages.pause, program: 'pause', config: plain('pause', '65535') },
  { name: platformImages.coredns, program: 'coredns', config: plain('coredns', '65532') },
  { name: platformImages.traefik, program: 'traefik', config: plain('traefik', '65532') },
]

/** Images with one program of ours each: what the cluster itself runs. */
export const pushPlatformImages = (lab: Lab): Promise<void> => pushProgramImages(lab, images)

export async function pushProgramImages(lab: Lab, images: readonly ProgramImage[]): Promise<void> {
  for (const image of images) await pushLayout(lab, await programLayout(lab, image), image.name)
}

async function programLayout(lab: Lab, image: ProgramImage): Promise<string> {
  // The program's folder in the cache is named by everything it was built from.
  const program = realpathSync(tool(lab, image.program))
  const trust = readFileSync(systemBundle(lab), 'utf8')
  return await cached(
    lab,
    { name: `image-${image.program}`, key: keyOf([program, JSON.stringify(image.config), trust]) },
    async (folder) => {
      const root = join(folder, 'root')
      mkdirSync(join(root, 'tmp'), { recursive: true })
      chmodSync(join(root, 'tmp'), 0o1777)
      mkdirSync(join(root, 'etc', 'ssl', 'certs'), { recursive: true })
      writeFileSync(join(root, 'etc', 'ssl', 'certs', 'ca-certificates.crt'), trust)
      cpSync(program, join(root, image.program))
      chmodSync(join(root, image.program), 0o755)
      await writeLayout(root, image.config, folder)
      rmSync(root, { recursive: true })
    },
  )
}
