import { chmodSync, cpSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { worldImages } from '../versions.ts'
import { addUsers } from './debian-root.ts'
import { prepareTmp } from './node.ts'
import type { WorldImage } from './image.ts'

const entrypoint = join(import.meta.dirname, 'postgres-entrypoint.sh')

/** PostgreSQL 15 that is started as the image of the world is: same user, same variables, same data folder. */
export const postgresImage: WorldImage = {
  name: worldImages.postgres,
  folder: 'postgres',
  packages: [
    'base-files',
    'ca-certificates',
    'coreutils',
    'dash',
    'gcc-12-base',
    'grep',
    'libacl1',
    'libattr1',
    'libaudit1',
    'libbz2-1.0',
    'libc-bin',
    'libc6',
    'libcap-ng0',
    'libcap2',
    'libcom-err2',
    'libffi8',
    'libgcc-s1',
    'libgcrypt20',
    'libgmp10',
    'libgnutls30',
    'libgpg-error0',
    'libgssapi-krb5-2',
    'libhogweed6',
    'libicu72',
    'libidn2-0',
    'libk5crypto3',
    'libkeyutils1',
    'libkrb5-3',
    'libkrb5support0',
    'libldap-2.5-0',
    'liblz4-1',
    'liblzma5',
    'libnettle8',
    'libp11-kit0',
    'libpam0g',
    'libpcre2-8-0',
    'libpq5',
    'libreadline8',
    'libsasl2-2',
    'libselinux1',
    'libssl3',
    'libstdc++6',
    'libsystemd0',
    'libtasn1-6',
    'libtinfo6',
    'libunistring2',
    'libxml2',
    'libzstd1',
    'netbase',
    'postgresql-15',
    'postgresql-client-15',
    'sed',
    'tzdata',
    'zlib1g',
  ],
  inputs: [readFileSync(entrypoint, 'utf8')],
  config: {
    User: '999',
    Entrypoint: ['docker-entrypoint.sh'],
    Cmd: ['postgres'],
    WorkingDir: '/',
    StopSignal: 'SIGINT',
    Env: [
      'PATH=/usr/local/bin:/usr/bin:/bin:/usr/lib/postgresql/15/bin',
      'LANG=C.UTF-8',
      'PG_MAJOR=15',
      'PGDATA=/var/lib/postgresql/data',
    ],
  },
  fill: (_lab, root) => {
    mkdirSync(join(root, 'usr', 'local', 'bin'), { recursive: true })
    cpSync(entrypoint, join(root, 'usr', 'local', 'bin', 'docker-entrypoint.sh'))
    chmodSync(join(root, 'usr', 'local', 'bin', 'docker-entrypoint.sh'), 0o755)
    // Without LLVM's library beside it, compiled queries must not be tried.
    for (const name of ['llvmjit.so', 'llvmjit_types.bc', 'bitcode']) {
      rmSync(join(root, 'usr', 'lib', 'postgresql', '15', 'lib', name), { recursive: true, force: true })
    }
    addUsers(root, [{ name: 'postgres', id: 999, home: '/var/lib/postgresql' }])
    for (const folder of ['var/run/postgresql', 'run/postgresql', 'var/lib/postgresql/data']) {
      mkdirSync(join(root, folder), { recursive: true })
      chmodSync(join(root, folder), 0o1777)
    }
    prepareTmp(root)
    return Promise.resolve()
  },
}
