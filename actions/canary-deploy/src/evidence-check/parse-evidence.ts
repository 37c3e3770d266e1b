import { parsePolicy, publicGoodRoot, readTrustedRoots, type Policy, type Trust } from '@alt-las/evidence'

type TextAt = (path: string) => string

/** The policy of `verify-before-deploy`: YAML, or the path of a file with it. null = `off`. */
export const parseEvidencePolicy =
  (textAt: TextAt) =>
  (raw: string): Policy | null => {
    if (raw === '' || raw === 'off') return null
    return parsePolicy(/[:\n]/.test(raw) ? raw : textAt(raw), textAt)
  }

/** The trusted roots of a file; null = that of sigstore's public instance. */
export const parseTrustedRoot =
  (textAt: TextAt) =>
  (raw: string): Trust['roots'] | null => {
    if (raw === '') return null
    try {
      return readTrustedRoots(textAt(raw))
    } catch (error) {
      throw new Error(
        `got ${JSON.stringify(raw)}, expected a trusted root, as cosign trusted-root create writes it: ${error instanceof Error ? error.message : String(error)}`,
      )
    }
  }

/** What may prove the signatures that a policy asks for. */
export function trustOf(policy: Policy, roots: Trust['roots'] | null): Trust {
  const keys = policy.signers.flatMap((one) => (one.kind === 'key' ? [one.key] : []))
  const needsRoot = policy.signers.some(({ kind }) => kind === 'identity')
  return { keys, roots: roots ?? (needsRoot ? [publicGoodRoot()] : []) }
}
