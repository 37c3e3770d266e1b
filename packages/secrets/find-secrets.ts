import { looksLikeCredential, namedLikeCredential } from './looks-like.ts'
import { looksRandom } from './looks-random.ts'

/** A place that holds something like a secret. What it holds is never part of it. */
export interface SecretPlace {
  /** From 1. */
  readonly line: number
  readonly because: 'has the form of a credential' | 'is named like a credential' | 'looks random'
}

/** `$(NAME)`, `$(cat file)`, `${NAME}`, `{{ name }}` and `<name>`: filled in by whoever reads the value. What a script prints itself is none. */
const placeholder =
  /\$\((?!\s*(?:echo|printf)\b)[^()]{1,256}\)|\$\{[\w.:-]{1,256}\}|\{\{[^{}]{1,256}\}\}|<[\w .-]{1,64}>/g
/** Values that say where a secret is, or that there is none. */
const harmless =
  /^(?:|\/[^\s]*|\*+|true|false|yes|no|on|off|null|none|nil|file|env|\d{1,9}|\$\w+|\[\]|\{\}|.*:\/\/[^@]*)$/i
/** Names of which a random value is secret: `SIGNING_KEY_V2`, `cookieSecret`. */
const suspicious = /pass|secret|token|key|auth|cred|salt|seed|pwd/i
const publicName =
  /public|pub_?key|key_?(?:id|name|file|path|ref)|keyring|token_?(?:url|uri|endpoint|type|ttl)/i
/** `DBPASSWORD`: a name without separators. */
const joined = /(?:password|passwd|passphrase|secret)$/i
const assignment =
  /^\s*(?:-\s+|export\s+)?["']?([A-Za-z][\w.-]{0,127})["']?\s*[:=]\s*["']?([^"'#]*?)["',;]?\s*$/

const mostLine = 4096
const mostPlaces = 20

/** Whether a named value is a secret in plain text. `$(NAME)` is none: its value stands elsewhere. */
export function isPlainSecret(name: string, value: string): SecretPlace['because'] | null {
  const plain = value.slice(0, mostLine).replace(placeholder, '').trim()
  if (looksLikeCredential(plain)) return 'has the form of a credential'
  if (harmless.test(plain)) return null
  if (namedLikeCredential(name.replace(/([a-z])(?=[A-Z])/g, '$1_')) || joined.test(name))
    return 'is named like a credential'
  return suspicious.test(name) && !publicName.test(name) && looksRandom(plain) ? 'looks random' : null
}

/**
 * Lines of a text, such as a file of settings or a log, that hold a secret. `forms`: only what has the form of a credential counts, for
 * texts in which `password: wrong` is a sentence. At most 20 places, in linear time.
 */
export function findSecrets(text: string, options: { readonly only?: 'forms' } = {}): readonly SecretPlace[] {
  const places: SecretPlace[] = []
  for (const [index, full] of text.split('\n').entries()) {
    const line = full.slice(0, mostLine)
    const because = options.only === 'forms' ? formIn(line) : (formIn(line) ?? assigned(line))
    if (because !== null) places.push({ line: index + 1, because })
    if (places.length === mostPlaces) break
  }
  return places
}

function formIn(line: string): SecretPlace['because'] | null {
  return looksLikeCredential(line.replace(placeholder, '')) ? 'has the form of a credential' : null
}

function assigned(line: string): SecretPlace['because'] | null {
  const [, name = '', value = ''] = assignment.exec(line) ?? []
  return name === '' ? null : isPlainSecret(name, value)
}
