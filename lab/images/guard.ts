import { chmodSync, cpSync, mkdirSync, realpathSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { tool, type Lab } from '../base/lab.ts'
import { goBuilds, worldImages } from '../versions.ts'
import { addUsers } from './debian-root.ts'
import type { WorldImage } from './image.ts'
import { prepareTmp } from './node.ts'

/** A shell and kubectl, no more: what the dead-man's switch of a rollout needs. */
export const guardImage: WorldImage = {
  name: worldImages.guard,
  folder: 'guard',
  packages: ['base-files', 'busybox-static'],
  inputs: [goBuilds.find(({ name }) => name === 'kubernetes')?.module.version ?? ''],
  config: { User: '65532', Cmd: ['sh'], WorkingDir: '/', Env: ['PATH=/bin'] },
  fill: (lab, root) => {
    for (const name of ['sh', 'sleep']) symlinkSync('busybox', join(root, 'bin', name))
    placeKubectl(lab, join(root, 'bin'))
    addUsers(root, [{ name: 'nonroot', id: 65532, home: '/home/nonroot' }])
    prepareTmp(root)
    return Promise.resolve()
  },
}

/** One program that is kubectl under that name. */
function placeKubectl(lab: Lab, folder: string): void {
  mkdirSync(folder, { recursive: true })
  cpSync(realpathSync(tool(lab, 'kubectl')), join(folder, 'kubectl'))
  chmodSync(join(folder, 'kubectl'), 0o755)
}
