import { Failure } from '@alt-las/failure'
import type { RegistryCode } from './refusal.ts'

/**
 * The error of an upload's PUT. It is transient if the registry has lost its own upload, as after a restart: the blob is
 * then uploaded from the start.
 */
export function asLostUpload(error: unknown): unknown {
  if (!(error instanceof Failure)) return error
  const isLost = error.code === 'registry-absent' || /\bBLOB_UPLOAD_(?:UNKNOWN|INVALID)\b/.test(error.message)
  if (!isLost) return error
  const options = { fault: 'outside', transient: true, cause: error.cause } as const
  return new Failure<RegistryCode>('registry-busy', `the upload was lost: ${error.message}`, options)
}
