import { attachStatement, keylessSigner, keySigner, type Signer, type Statement } from '@alt-las/evidence'
import type { Layout, Repository } from '@alt-las/registry'
import type { PushInputs, Signing } from '../inputs.ts'
import type { Beside } from '../outcome.ts'
import type { Ports } from '../ports.ts'

/** ms for each request to sigstore. */
const requestTimeout = 30_000

/** Signs the statements and attaches them to the image, one after the other: they may share one list in the registry. */
export async function attachStatements(
  statements: readonly Statement[],
  { inputs, layout }: { readonly inputs: PushInputs; readonly layout: Layout },
  ports: Pick<Ports, 'identityToken' | 'log' | 'draft'> & { readonly repository: Repository },
): Promise<Beside> {
  const { repository, log, draft } = ports
  const signer = signerOf(inputs.sign, inputs.attempts, ports)
  const signedBy = signer?.name ?? null
  const attestations: Beside['attestations'][number][] = []
  for (const statement of statements) {
    const attached = await attachStatement(statement, { subject: layout.top, signer }, repository)
    attestations.push(attached)
    log.line(`${attached.predicateType}: ${attached.how} as ${attached.digest}`)
    draft.record({ attestations: [...attestations], signedBy })
  }
  return { attestations, signedBy }
}

function signerOf(
  sign: Signing,
  attempts: number,
  { identityToken }: Pick<Ports, 'identityToken'>,
): Signer | null {
  switch (sign.kind) {
    case 'off':
      return null
    case 'key':
      return keySigner(sign.key)
    case 'keyless':
      return keylessSigner(sign.sigstore, { identityToken, attempts, timeout: requestTimeout })
  }
}
