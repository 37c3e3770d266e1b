import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Certificates, Pair } from './secrets.ts'

const ask = promisify(execFile)

/** Two certificates of a new authority, by OpenSSL 3. The key of the authority is gone with its folder: to renew is to make all of it again. */
export async function makeCertificates(request: {
  readonly name: string
  readonly serverNames: readonly string[]
  readonly days: number
}): Promise<Certificates> {
  const folder = await mkdtemp(join(tmpdir(), 'monitoring-'))
  try {
    const { name, days } = request
    await make(folder, 'ca', { subject: `${name} authority`, days }, [
      'basicConstraints=critical,CA:TRUE,pathlen:0',
      'keyUsage=critical,keyCertSign,cRLSign',
    ])
    const names = request.serverNames.map((one) => `DNS:${one}`).join(',')
    await make(folder, 'server', { subject: `${name} server`, days, issued: true }, [
      ...endEntity,
      'extendedKeyUsage=serverAuth',
      `subjectAltName=${names}`,
    ])
    await make(folder, 'client', { subject: `${name} client`, days, issued: true }, [
      ...endEntity,
      'extendedKeyUsage=clientAuth',
    ])
    const [ca, server, client] = [
      await readFile(join(folder, 'ca.crt'), 'utf8'),
      await pairIn(folder, 'server'),
      await pairIn(folder, 'client'),
    ]
    return { ca, server, client }
  } finally {
    await rm(folder, { recursive: true })
  }
}

const endEntity = ['basicConstraints=critical,CA:FALSE', 'keyUsage=critical,digitalSignature']

interface Subject {
  readonly subject: string
  readonly days: number
  /** By the authority in the same folder; otherwise by itself. */
  readonly issued?: boolean
}

async function make(
  folder: string,
  file: string,
  { subject, days, issued = false }: Subject,
  extensions: readonly string[],
): Promise<void> {
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']
  const authority = issued ? ['-CA', join(folder, 'ca.crt'), '-CAkey', join(folder, 'ca.key')] : []
  await ask('openssl', [
    'req',
    '-x509',
    ...key,
    ...authority,
    '-config',
    '/dev/null',
    '-subj',
    `/CN=${subject}`,
    '-days',
    String(days),
    ...extensions.flatMap((extension) => ['-addext', extension]),
    '-keyout',
    join(folder, `${file}.key`),
    '-out',
    join(folder, `${file}.crt`),
  ])
}

const pairIn = async (folder: string, file: string): Promise<Pair> => ({
  crt: await readFile(join(folder, `${file}.crt`), 'utf8'),
  key: await readFile(join(folder, `${file}.key`), 'utf8'),
})
