import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface CertificateOrder {
  readonly host: string
  /** From now; negative: it has expired. */
  readonly days: number
  /** Folder with lab-ca.crt and lab-ca.key; null: signed by itself. */
  readonly authority: string | null
}

/** Certificate and key, in PEM. */
export interface Issued {
  readonly certificate: string
  readonly key: string
}

/** Made by openssl for one host name. */
export function issue({ host, days, authority }: CertificateOrder): Issued {
  const folder = mkdtempSync(join(tmpdir(), 'certificate-'))
  const openssl = (...args: readonly string[]) => {
    execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' })
  }
  const by =
    authority === null
      ? ['-signkey', 'key']
      : ['-CA', join(authority, 'lab-ca.crt'), '-CAkey', join(authority, 'lab-ca.key'), '-CAcreateserial']
  try {
    openssl('genpkey', '-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-out', 'key')
    openssl('req', '-new', '-key', 'key', '-subj', `/CN=${host}`, '-out', 'request')
    writeFileSync(join(folder, 'extensions'), `subjectAltName=DNS:${host}\nextendedKeyUsage=serverAuth\n`)
    const signed = ['-days', String(days), '-extfile', 'extensions', '-out', 'certificate']
    openssl('x509', '-req', '-in', 'request', ...by, ...signed)
    const read = (name: string) => readFileSync(join(folder, name), 'utf8')
    return { certificate: read('certificate'), key: read('key') }
  } finally {
    rmSync(folder, { recursive: true })
  }
}
