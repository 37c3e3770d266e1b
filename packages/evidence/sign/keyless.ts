import { Failure } from '@alt-las/failure'
import { statementType } from '../statement/statement.ts'
import type { Signer } from './signer.ts'

/** A deployment of sigstore. */
export interface Sigstore {
  /** Certificate authority: `https://fulcio.sigstore.dev`. */
  readonly fulcioUrl: string
  /** Transparency log: `https://rekor.sigstore.dev`; null = none. */
  readonly rekorUrl: string | null
  /** Timestamp authority; null = none. */
  readonly tsaUrl: string | null
}

export interface KeylessPorts {
  /** An identity token of the run for the audience `sigstore`. */
  readonly identityToken: () => Promise<string>
  readonly attempts: number
  /** ms for each request. */
  readonly timeout: number
}

/** Signs with a key that lives for one signature and a certificate for the identity of the run, as actions/attest does. */
export function keylessSigner({ fulcioUrl, rekorUrl, tsaUrl }: Sigstore, ports: KeylessPorts): Signer {
  const { attempts, timeout } = ports
  const limits = { retry: attempts - 1, timeout }
  return {
    name: fulcioUrl,
    sign: async (statement) => {
      // Loaded where it is used: most pushes do without its 0.8 MB.
      const { DSSEBundleBuilder, FulcioSigner, RekorWitness, TSAWitness } = await import('@sigstore/sign')
      const { bundleToJSON } = await import('@sigstore/bundle')
      const signer = new FulcioSigner({
        fulcioBaseURL: fulcioUrl,
        identityProvider: { getToken: ports.identityToken },
        ...limits,
      })
      const witnesses = [
        ...(rekorUrl === null
          ? []
          : [
              new RekorWitness({
                rekorBaseURL: rekorUrl,
                entryType: 'dsse',
                fetchOnConflict: true,
                ...limits,
              }),
            ]),
        ...(tsaUrl === null ? [] : [new TSAWitness({ tsaBaseURL: tsaUrl, ...limits })]),
      ]
      try {
        const builder = new DSSEBundleBuilder({ signer, witnesses })
        const bundle = await builder.create({ data: Buffer.from(statement), type: statementType })
        return new TextEncoder().encode(JSON.stringify(bundleToJSON(bundle)))
      } catch (error) {
        if (error instanceof Failure) throw error
        throw new Failure('signing-failed', `cannot sign with ${fulcioUrl}`, {
          fault: 'outside',
          cause: error,
          hint: 'check that the addresses can be reached, and that the job has the permission `id-token: write`',
        })
      }
    },
    // Each signature has a certificate of its own: a repeated push signs again.
    isOwn: () => false,
  }
}
