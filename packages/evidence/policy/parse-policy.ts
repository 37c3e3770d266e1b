import { readOneYaml } from '@alt-las/yaml'
import { parseDuration } from '@alt-las/time'
import { fingerprint, readPublicKey } from '../verify/public-key.ts'
import type { AllowedSigner, Policy, Required } from './policy.ts'

const mostSigners = 50
type Fields = Readonly<Record<string, unknown>>

/** Reads a policy in YAML; `textAt` reads the files of keys. Throws ONE Error that lists every problem. */
export function parsePolicy(text: string, textAt: (path: string) => string): Policy {
  const read = readOneYaml(text)
  if (read.kind === 'mistake') throw new Error(`line ${read.line}: ${read.what}`)
  const problems: string[] = []
  const attempt = <T>(work: () => T): T | null => {
    try {
      return work()
    } catch (error) {
      problems.push(error instanceof Error ? error.message : String(error))
      return null
    }
  }
  const fields = attempt(() => only(read.value, 'the policy', ['signers', 'require'])) ?? {}
  const listed = problems.length > 0 ? [] : (attempt(() => listOf(fields['signers'])) ?? [])
  const signers = listed.flatMap((one, index) => attempt(() => signerOf(one, index, textAt)) ?? [])
  const required = attempt(() => requiredOf(fields['require']))
  if (problems.length > 0 || required === null) throw new Error(problems.join('; '))
  return { signers, require: required }
}

function listOf(value: unknown): readonly unknown[] {
  if (!Array.isArray(value) || value.length === 0)
    throw new Error('signers: got nothing, expected a list of `key`, or of `issuer` and `identity`')
  if (value.length > mostSigners)
    throw new Error(`signers: got ${value.length}, expected at most ${mostSigners}`)
  return value
}

function signerOf(value: unknown, index: number, textAt: (path: string) => string): AllowedSigner {
  const where = `signers[${index}]`
  const fields = only(value, where, ['key', 'issuer', 'identity'])
  const { key, issuer, identity } = fields
  if (typeof key === 'string' && issuer === undefined && identity === undefined) {
    const pem = key.includes('-----BEGIN') ? key : textAt(key)
    const publicKey = named(`${where}.key`, () => readPublicKey(pem))
    return { kind: 'key', key: publicKey, fingerprint: fingerprint(publicKey) }
  }
  if (key !== undefined || typeof issuer !== 'string' || typeof identity !== 'string')
    throw new Error(`${where}: expected \`key\` alone, or \`issuer\` with \`identity\``)
  if (!/^https:\/\/[^\s*]+$/.test(issuer))
    throw new Error(`${where}.issuer: got ${JSON.stringify(issuer)}, expected an address with https://`)
  // `*` alone, or a pattern that leaves host and owner open, would let everybody in who has an account.
  if (!/^(?:https:\/\/[^/*\s]+\/[^/*\s]+\/|[^*\s@]+@)[^\s]+$/.test(identity))
    throw new Error(
      `${where}.identity: got ${JSON.stringify(identity)}, expected a whole identity such as https://github.com/owner/name/.github/workflows/release.yaml@refs/tags/v*: host and owner without *`,
    )
  return { kind: 'identity', issuer, identity }
}

function requiredOf(value: unknown): Required {
  if (value === undefined) return { signature: true, sbom: false, scan: null, provenance: null }
  const fields = only(value, 'require', ['signature', 'sbom', 'scan', 'provenance'])
  const required = {
    signature: flag(fields, 'signature'),
    sbom: flag(fields, 'sbom'),
    scan: scanOf(fields['scan']),
    provenance: provenanceOf(fields['provenance']),
  }
  if (!required.signature && !required.sbom && required.scan === null && required.provenance === null)
    throw new Error('require: got nothing that is required, expected signature, scan, provenance or sbom')
  return required
}

function flag(fields: Fields, name: string): boolean {
  const value = fields[name] ?? false
  if (typeof value !== 'boolean')
    throw new Error(`require.${name}: got ${JSON.stringify(value)}, expected true or false`)
  return value
}

function scanOf(value: unknown): Required['scan'] {
  if (value === undefined || value === false) return null
  if (value === true) return { maxAge: null }
  const { 'max-age': age } = only(value, 'require.scan', ['max-age'])
  if (typeof age !== 'string')
    throw new Error('require.scan: expected true, or `max-age` with a duration such as 72h')
  return { maxAge: named('require.scan.max-age', () => durationOf(age)) }
}

function durationOf(text: string): number {
  const ms = parseDuration(text)
  if (ms === null) throw new Error(`got ${JSON.stringify(text)}, expected a duration such as 72h`)
  return ms
}

function provenanceOf(value: unknown): Required['provenance'] {
  if (value === undefined || value === false) return null
  const { repository, workflow } = only(value, 'require.provenance', ['repository', 'workflow'])
  if (typeof repository !== 'string' || !/^https:\/\/[^/\s]+\/[^/\s]+\/[^/\s]+$/.test(repository))
    throw new Error(
      'require.provenance.repository: expected an address such as https://github.com/owner/name',
    )
  if (workflow !== undefined && typeof workflow !== 'string')
    throw new Error('require.provenance.workflow: expected a path such as .github/workflows/release.yaml')
  return { repository, workflow: workflow ?? null }
}

function named<T>(where: string, work: () => T): T {
  try {
    return work()
  } catch (error) {
    throw new Error(`${where}: ${error instanceof Error ? error.message : String(error)}`)
  }
}

// A word that is not understood would be a rule that is not kept.
function only(value: unknown, where: string, known: readonly string[]): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new Error(`${where}: expected fields ${known.join(', ')}`)
  const unknown = Object.keys(value).find((name) => !known.includes(name))
  if (unknown !== undefined)
    throw new Error(`${where}: got ${JSON.stringify(unknown)}, expected only ${known.join(', ')}`)
  return value as Fields
}
