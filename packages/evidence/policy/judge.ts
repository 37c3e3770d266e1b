import type { Digest } from '@alt-las/registry'
import { formatDuration } from '@alt-las/time'
import { kindOf, type EvidenceKind } from '../statement/predicates.ts'
import { readProvenance } from '../statement/provenance.ts'
import { readScan } from '../statement/scan.ts'
import type { Proof, SignedBy } from '../verify/verify-bundle.ts'
import type { AllowedSigner, Policy } from './policy.ts'

/** What was found beside an image: what is proven, and why the rest is not. */
export interface Found {
  readonly proofs: readonly Proof[]
  /** One sentence each. */
  readonly unproven: readonly string[]
}

/** What a policy says about an image. */
export type PolicyVerdict =
  | { readonly kind: 'accepted'; readonly because: string }
  /** One sentence for each part of the policy that is not met. */
  | { readonly kind: 'refused'; readonly problems: readonly string[] }

/** Judges an image by the statements about it. `now`: ms since 1970. */
export function judgePolicy(policy: Policy, digest: Digest, found: Found, now: number): PolicyVerdict {
  const about = found.proofs.filter(({ statement }) =>
    statement.subjects.some((one) => one.digest === digest),
  )
  const trusted = about.filter(({ signer }) => policy.signers.some((allowed) => isAllowed(allowed, signer)))
  const said = { trusted, why: whyNot(policy, digest, found, about) }
  const problems = [
    ...(policy.require.signature ? missing('signature', 'a signature', said) : []),
    ...(policy.require.scan === null ? [] : scanProblems(policy.require.scan, said, now)),
    ...(policy.require.provenance === null ? [] : provenanceProblems(policy.require.provenance, said)),
    ...(policy.require.sbom ? missing('sbom', 'an SBOM', said) : []),
  ]
  if (problems.length > 0) return { kind: 'refused', problems }
  const names = [...new Set(trusted.map(({ signer }) => nameOf(signer)))]
  return { kind: 'accepted', because: `proven by ${names.join(', ')}` }
}

interface Said {
  readonly trusted: readonly Proof[]
  /** What else was found, for the sentence about what is missing. */
  readonly why: string
}

function ofKind(kind: EvidenceKind, { trusted }: Said): readonly Proof[] {
  return trusted.filter(({ statement }) => kindOf(statement.predicateType) === kind)
}

function missing(kind: EvidenceKind, name: string, said: Said): readonly string[] {
  return ofKind(kind, said).length > 0 ? [] : [`it lacks ${name} by a signer of the policy${said.why}`]
}

function scanProblems(
  { maxAge }: NonNullable<Policy['require']['scan']>,
  said: Said,
  now: number,
): readonly string[] {
  const scans = ofKind('scan', said).flatMap(({ statement }) => attempt(() => readScan(statement.predicate)))
  if (scans.length === 0) return [`it lacks the verdict of a scan by a signer of the policy${said.why}`]
  // The newest verdict counts: a scan that finds what an earlier one could not know must not be outvoted.
  const [newest] = scans.toSorted((a, b) => (b.finishedAt ?? 0) - (a.finishedAt ?? 0))
  if (newest === undefined) return []
  if (newest.outcome !== 'passed') return [`its scan ended ${newest.outcome}: ${newest.because}`]
  if (maxAge === null) return []
  if (newest.finishedAt === null) return ['its scan does not say when it was made']
  const age = now - newest.finishedAt
  return age <= maxAge
    ? []
    : [`its scan is ${formatDuration(age)} old, the policy allows ${formatDuration(maxAge)}`]
}

function provenanceProblems(
  { repository, workflow }: NonNullable<Policy['require']['provenance']>,
  said: Said,
): readonly string[] {
  const all = ofKind('provenance', said).flatMap(({ statement }) =>
    attempt(() => readProvenance(statement.predicate)),
  )
  const fits = all.some((one) => one.repository === repository && (workflow ?? one.path) === one.path)
  if (fits) return []
  const expected = `${repository}${workflow === null ? '' : `, workflow ${workflow}`}`
  const [other] = all
  if (other === undefined)
    return [`it lacks the provenance of ${expected} by a signer of the policy${said.why}`]
  return [
    `its provenance names ${shown(other.repository)}, workflow ${shown(other.path)}, expected ${expected}`,
  ]
}

function attempt<T>(read: () => T): readonly T[] {
  try {
    return [read()]
  } catch {
    return []
  }
}

function isAllowed(allowed: AllowedSigner, signer: SignedBy): boolean {
  if (allowed.kind === 'key') return signer.kind === 'key' && signer.fingerprint === allowed.fingerprint
  return (
    signer.kind === 'identity' &&
    signer.issuer === allowed.issuer &&
    matches(allowed.identity, signer.identity)
  )
}

/** `*` stands for any text; in linear time for each of its parts. */
function matches(pattern: string, text: string): boolean {
  const [first = '', ...rest] = pattern.split('*')
  if (rest.length === 0) return text === pattern
  const last = rest.pop() ?? ''
  if (!text.startsWith(first) || text.length < first.length + last.length || !text.endsWith(last))
    return false
  let at = first.length
  for (const part of rest) {
    const next = text.indexOf(part, at)
    if (next === -1 || next + part.length > text.length - last.length) return false
    at = next + part.length
  }
  return true
}

function nameOf(signer: SignedBy): string {
  return signer.kind === 'key' ? `key SHA256:${signer.fingerprint}` : shown(signer.identity)
}

const mostSaid = 3

/** What was found instead, so that the sentence shows whether it is missing, foreign or of another image. */
function whyNot(
  { signers }: Policy,
  digest: Digest,
  { proofs, unproven }: Found,
  about: readonly Proof[],
): string {
  const foreign = about
    .filter(({ signer }) => !signers.some((allowed) => isAllowed(allowed, signer)))
    .map(
      ({ signer }) =>
        `signed by ${nameOf(signer)}${signer.kind === 'identity' ? ` (issuer ${shown(signer.issuer)})` : ''}`,
    )
  const other = proofs
    .filter((one) => !about.includes(one))
    .map(({ statement }) => `a statement about ${statement.subjects[0]?.digest ?? 'nothing'}, not ${digest}`)
  const all = [...new Set([...foreign, ...other, ...unproven])]
  if (all.length === 0) return ''
  const more = all.length - mostSaid
  return `; found: ${all.slice(0, mostSaid).join('; ')}${more > 0 ? `; and ${more} more` : ''}`
}

function shown(text: string): string {
  return text.length > 200 ? `${text.slice(0, 199)}…` : text
}
