import { mkdirSync, renameSync, rmSync, chmodSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { worldImages } from '../versions.ts'
import { addUsers } from './debian-root.ts'
import { prepareTmp } from './node.ts'
import type { WorldImage } from './image.ts'

/** Prometheus of Debian in the places where the image of the world has it. */
export const prometheusImage: WorldImage = {
  name: worldImages.prometheus,
  folder: 'prometheus',
  packages: [
    'base-files',
    'ca-certificates',
    'gcc-12-base',
    'libc6',
    'libgcc-s1',
    'netbase',
    'prometheus',
    'tzdata',
  ],
  inputs: [],
  config: {
    User: '65534',
    Entrypoint: ['/bin/prometheus'],
    Cmd: [
      '--config.file=/etc/prometheus/prometheus.yml',
      '--storage.tsdb.path=/prometheus',
      '--web.console.libraries=/usr/share/prometheus/console_libraries',
      '--web.console.templates=/usr/share/prometheus/consoles',
    ],
    WorkingDir: '/prometheus',
    Env: ['PATH=/bin:/usr/bin'],
  },
  fill: (_lab, root) => {
    mkdirSync(join(root, 'bin'), { recursive: true })
    renameSync(join(root, 'usr', 'bin', 'prometheus'), join(root, 'bin', 'prometheus'))
    rmSync(join(root, 'usr', 'bin'), { recursive: true, force: true })
    mkdirSync(join(root, 'prometheus'), { recursive: true })
    chmodSync(join(root, 'prometheus'), 0o777)
    // Debian's build stores there when the manifest names no folder.
    mkdirSync(join(root, 'var', 'lib', 'prometheus'), { recursive: true })
    rmSync(join(root, 'var', 'lib', 'prometheus', 'metrics2'), { recursive: true, force: true })
    symlinkSync('/prometheus', join(root, 'var', 'lib', 'prometheus', 'metrics2'))
    addUsers(root, [{ name: 'nobody', id: 65534, home: '/home' }])
    prepareTmp(root)
    return Promise.resolve()
  },
}
