import type { Cause } from './cause.ts'
import type { Event } from '@alt-las/kubernetes'

const pulling = [
  'ErrImagePull',
  'ImagePullBackOff',
  'ErrImageNeverPull',
  'RegistryUnavailable',
  'ImageInspectError',
  'SignatureValidationFailed',
]
const permanent =
  /not found|manifest unknown|unauthorized|authorization failed|authentication required|denied|forbidden|no match for platform|does not exist|never pull|invalid reference|unsupported manifest|no basic auth|signature/i
const transient =
  /timeout|timed out|connection refused|connection reset|no such host|temporary failure|EOF|too many requests|\b429\b|\b50[0234]\b|TLS handshake|network is unreachable|deadline exceeded|certificate/i

interface Known {
  /** `container api`. */
  readonly name: string
  readonly image: string
  readonly begun: number | null
  readonly events: readonly Event[]
}

/** An image that cannot be pulled: an invalid name, an absent or forbidden image, or a registry that does not answer. */
export function imageCause(
  waiting: { readonly reason?: string; readonly message?: string } | undefined,
  { name, image, begun, events }: Known,
): Cause | null {
  if (waiting?.reason === 'InvalidImageName') {
    const because = `${name} has an invalid image name: ${waiting.message ?? ''}`
    const evidence = { image, message: waiting.message ?? '' }
    return {
      kind: 'image-name',
      because,
      heals: false,
      graceMs: 0,
      since: begun,
      fault: 'version',
      about: image,
      evidence,
    }
  }
  if (waiting?.reason === undefined || !pulling.includes(waiting.reason)) return null
  const why = reasonOf(waiting.message ?? '', events)
  // A registry's refusal is final, also if a proxy in between reports it like an outage.
  const final = permanent.test(why) && !/connection refused|i\/o timeout/.test(why)
  return {
    kind: 'image-pull',
    because: `${name} cannot pull its image, ${final ? 'and waiting will not help' : 'which may be temporary'}: ${why}`,
    heals: !final,
    graceMs: final ? 0 : transient.test(why) ? 120_000 : 60_000,
    since: begun,
    fault: final ? 'version' : 'surroundings',
    about: final ? image : registryOf(image),
    evidence: { image, reason: waiting.reason, message: why, permanent: final },
  }
}

/** The back-off's own message has no reason; the event of the last try has. */
function reasonOf(message: string, events: readonly Event[]): string {
  if (permanent.test(message) || transient.test(message)) return shorten(message)
  const failed = events.findLast(
    ({ reason, message: text }) => reason === 'Failed' && text?.includes('Failed to pull image') === true,
  )
  return shorten(failed?.message ?? message)
}

// The runtime repeats itself in front of the cause.
const shorten = (text: string): string =>
  text
    .replace(/^Back-off pulling image "[^"]*": \w+: /, '')
    .replace(/^.*rpc error: code = \w+ desc = /s, '')
    .replace(/failed to pull and unpack image "[^"]*": /, '')
    .slice(0, 300)

function registryOf(image: string): string {
  const first = image.split('/')[0] ?? ''
  return image.includes('/') && /[.:]|^localhost$/.test(first) ? first : 'docker.io'
}
