import { readOneYaml } from '@alt-las/yaml'
import { looksLikeCredential, namedLikeCredential } from './looks-like.ts'

/** Fields of a user, and of a provider's settings, that are secret by themselves. */
const secretFields =
  /^(?:token|password|client-key-data|access-token|refresh-token|id-token|client-secret|.*[-_.](?:token|secret|password|key))$/i
/** Variables of a plugin that say where and not who: to mask `production` would shred the log. */
const plainVariables =
  /(?:^|_)(?:PROFILE|REGION|LOCATION|ZONE|CLUSTER|NAMESPACE|ENVIRONMENT|ENDPOINT|HOST|URL|PROJECT|ACCOUNT|NAME|CONFIG|PATH|DIR|FILE|HOME|MODE|TYPE|OUTPUT|FORMAT|VERSION|LEVEL|DEBUG|TIMEOUT|PROXY|ENDPOINTS|CREDENTIALS)$/i

/**
 * What must not be shown of a kubeconfig's content: each credential in it, keys as base64 and as PEM. Of a text that is no YAML every
 * line counts. Nothing where the text is a path. Never throws.
 */
export function kubeconfigSecrets(text: string): readonly string[] {
  if (!isContent(text)) return text.length > longestPath ? [text, ...inBase64(text)] : []
  const users = usersIn(text)
  if (users === null) return [text, ...text.split(/[\r\n]+/).flatMap(valuesOfLine)]
  return [...new Set(users.flatMap((one) => found(one, '')))]
}

/** A path is shorter: this is a kubeconfig in base64, which is refused, and its message quotes what was given. */
const longestPath = 256

function inBase64(text: string): readonly string[] {
  const decoded = Buffer.from(text, 'base64').toString('utf8')
  return isContent(decoded) ? kubeconfigSecrets(decoded) : []
}

const isContent = (text: string): boolean => /[\r\n]/.test(text.trim()) || text.trim().startsWith('{')

/** Users and clusters; null where the text is no kubeconfig that can be read. */
function usersIn(text: string): readonly unknown[] | null {
  const read = readOneYaml(text)
  if (read.kind === 'mistake' || typeof read.value !== 'object' || read.value === null) return null
  const config = read.value
  return ['users' in config ? config.users : [], 'clusters' in config ? config.clusters : []]
}

function found(value: unknown, name: string, depth = 0): readonly string[] {
  if (depth > 12) return []
  if (typeof value === 'string')
    return secretFields.test(name) ? [value, ...decoded(value, name)] : passwordIn(value)
  if (typeof value === 'number') return secretFields.test(name) ? [`${value}`] : []
  if (typeof value !== 'object' || value === null) return []
  if (Array.isArray(value))
    return value.flatMap((one, index) =>
      name === 'args' ? argument(value, index) : found(one, name, depth + 1),
    )
  const variable = value as { readonly name?: unknown; readonly value?: unknown }
  if (name === 'env') return variableIn(plain(variable.name), variable.value)
  return Object.entries(value).flatMap(([key, inner]) => found(inner, key, depth + 1))
}

function decoded(value: string, name: string): readonly string[] {
  if (!name.endsWith('-data')) return []
  return [Buffer.from(value, 'base64').toString('utf8')]
}

function variableIn(name: string, value: unknown): readonly string[] {
  if (typeof value !== 'string' && typeof value !== 'number') return []
  const text = `${value}`
  if (namedLikeCredential(name) || looksLikeCredential(text)) return [text]
  // `true`, `1` and `json` are no credentials.
  return plainVariables.test(name) || text.length < 6 ? passwordIn(text) : [text]
}

/** `--token x`, `--client-secret=x`. */
function argument(all: readonly unknown[], index: number): readonly string[] {
  const [text, before] = [plain(all[index]), plain(all[index - 1])]
  const [flag = '', ...rest] = text.split('=')
  if (rest.length > 0 && secretFields.test(flag.replace(/^-+/, ''))) return [rest.join('=')]
  return before.startsWith('-') && secretFields.test(before.replace(/^-+/, '')) ? [text] : []
}

/** Of a list that a stranger wrote: an object there has no text. */
const plain = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' ? `${value}` : ''

/** Of `https://user:password@proxy`. */
function passwordIn(text: string): readonly string[] {
  if (!/^https?:\/\//.test(text) || !URL.canParse(text)) return []
  const { password } = new URL(text)
  if (password === '') return []
  try {
    return [password, decodeURIComponent(password)]
  } catch {
    return [password]
  }
}

/** `token: x` of a text that is no YAML: the line, and what stands behind the colon. */
function valuesOfLine(line: string): readonly string[] {
  const short = line.slice(0, 64 * 1024)
  const value = short.slice(short.indexOf(':') + 1).trim()
  return [short.trim(), value.replace(/^["']|["']$/g, '')].filter((one) => one.length >= 8)
}
