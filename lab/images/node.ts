import { chmodSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import type { Lab } from '../base/lab.ts'
import { must } from '../base/run.ts'
import { npmPackage, worldImages } from '../versions.ts'
import { addUsers } from './debian-root.ts'
import type { WorldImage } from './image.ts'

/** What Node needs to run. */
const libraries = [
  'base-files',
  'ca-certificates',
  'gcc-12-base',
  'libc6',
  'libgcc-s1',
  'libssl3',
  'libstdc++6',
  'netbase',
  'tzdata',
  'zlib1g',
]

/** The small system beside it in which `RUN` works: a shell and its usual companions. */
const companions = [
  'bash',
  'coreutils',
  'dash',
  'findutils',
  'grep',
  'gzip',
  'hostname',
  'libacl1',
  'libattr1',
  'libbz2-1.0',
  'libc-bin',
  'libgmp10',
  'libpcre2-8-0',
  'libselinux1',
  'libtinfo6',
  'mawk',
  'sed',
  'tar',
]

const trust = 'SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt'
const version = process.versions.node

/** Node with npm and a shell: where services are built and their tests run. */
export const builderImage: WorldImage = {
  name: worldImages.node,
  folder: 'node',
  packages: [...libraries, ...companions],
  inputs: [version, npmPackage.integrity],
  config: {
    User: '',
    Cmd: ['node'],
    WorkingDir: '/',
    Env: [
      'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
      `NODE_VERSION=${version}`,
      trust,
    ],
  },
  fill: async (lab, root) => {
    await placeNode(join(root, 'usr', 'local', 'bin'))
    await placeNpm(lab, root)
    addUsers(root, [{ name: 'node', id: 1000, home: '/home/node' }])
    prepareTmp(root)
  },
}

/** Node and nothing to type into: no shell, no package manager, a user without rights. */
export const runtimeImage: WorldImage = {
  name: worldImages.runtime,
  folder: 'node-runtime',
  packages: libraries,
  inputs: [version],
  config: {
    User: '65532',
    Entrypoint: ['/nodejs/bin/node'],
    WorkingDir: '/home/nonroot',
    Env: ['PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/nodejs/bin', trust],
  },
  fill: async (_lab, root) => {
    await placeNode(join(root, 'nodejs', 'bin'))
    addUsers(root, [{ name: 'nonroot', id: 65532, home: '/home/nonroot' }])
    prepareTmp(root)
  },
}

/** The very Node that runs the lab, without its symbols. */
async function placeNode(folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true })
  await must('strip', ['-o', join(folder, 'node'), process.execPath])
  chmodSync(join(folder, 'node'), 0o755)
}

async function placeNpm(lab: Lab, root: string): Promise<void> {
  const download = `${root}.npm`
  mkdirSync(download, { recursive: true })
  const env = { ...lab.environment, npm_config_update_notifier: 'false' }
  await must('npm', ['pack', '--silent', `npm@${npmPackage.version}`], { cwd: download, env })
  const archive = join(download, `npm-${npmPackage.version}.tgz`)
  const integrity = `sha512-${createHash('sha512').update(readFileSync(archive)).digest('base64')}`
  if (integrity !== npmPackage.integrity)
    throw new Error(`npm ${npmPackage.version}: checksum got ${integrity}, expected ${npmPackage.integrity}`)
  const home = join(root, 'usr', 'local', 'lib', 'node_modules', 'npm')
  mkdirSync(home, { recursive: true })
  await must('tar', ['-xzf', archive, '-C', home, '--strip-components=1'])
  for (const name of ['npm', 'npx'])
    symlinkSync(`../lib/node_modules/npm/bin/${name}-cli.js`, join(root, 'usr', 'local', 'bin', name))
  // RUN must trust what this machine trusts, also where its way out is watched.
  mkdirSync(join(root, 'usr', 'local', 'etc'), { recursive: true })
  writeFileSync(
    join(root, 'usr', 'local', 'etc', 'npmrc'),
    'cafile=/etc/ssl/certs/ca-certificates.crt\nupdate-notifier=false\n',
  )
  rmSync(download, { recursive: true })
}

export function prepareTmp(root: string): void {
  mkdirSync(join(root, 'tmp'), { recursive: true })
  chmodSync(join(root, 'tmp'), 0o1777)
}
