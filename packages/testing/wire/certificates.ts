import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

interface Issued {
  readonly cert: string
  readonly key: string
}

export interface Certificates {
  /** The authority that issued both. */
  readonly ca: string
  /** For `api.test` alone, so that no address matches it. */
  readonly server: Issued
  /** `CN=deployer`. */
  readonly client: Issued
}

/** PEM files of an authority that only this test trusts. Made by openssl: no key lies in the repository. */
export function certificates(): Certificates {
  const directory = mkdtempSync(join(tmpdir(), 'certificates-'))
  const read = (name: string): Issued => ({
    cert: readFileSync(join(directory, `${name}.crt`), 'utf8'),
    key: readFileSync(join(directory, `${name}.key`), 'utf8'),
  })
  const issue = (name: string, subject: string, extensions: string, by: readonly string[]) => {
    writeFileSync(join(directory, 'openssl.cnf'), `[req]\ndistinguished_name=dn\n[dn]\n[e]\n${extensions}\n`)
    const key = [
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:prime256v1',
      '-nodes',
      '-keyout',
      `${name}.key`,
    ]
    const certificate = ['-subj', subject, '-extensions', 'e', '-days', '30', '-out', `${name}.crt`]
    const args = ['req', '-x509', '-config', 'openssl.cnf', ...key, ...certificate, ...by]
    execFileSync('openssl', args, { cwd: directory, stdio: 'pipe' })
  }
  const by = ['-CA', 'ca.crt', '-CAkey', 'ca.key']
  try {
    issue('ca', '/CN=authority of a test', 'basicConstraints=critical,CA:TRUE', [])
    issue('server', '/CN=server', 'subjectAltName=DNS:api.test', by)
    issue('client', '/CN=deployer', 'extendedKeyUsage=clientAuth', by)
    return { ca: read('ca').cert, server: read('server'), client: read('client') }
  } finally {
    rmSync(directory, { recursive: true })
  }
}
