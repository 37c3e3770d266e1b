import { dirname, resolve } from 'node:path'
import { Failure } from '@alt-las/failure'
import { readOneYaml } from '@alt-las/yaml'

/** Text in place, or the file that holds it. */
export type Material = { readonly text: string } | { readonly file: string }

export interface ExecPlugin {
  readonly apiVersion: string
  readonly command: string
  readonly args: readonly string[]
  readonly env: Readonly<Record<string, string>>
}

export interface Credentials {
  readonly certificate?: Material
  readonly key?: Material
  readonly token?: Material
  readonly basic?: { readonly username: string; readonly password: string }
  readonly exec?: ExecPlugin
}

/** One context of a kubeconfig, resolved: where the API server is, how it is trusted, who we are. */
export interface ApiTarget {
  readonly context: string
  readonly server: URL
  readonly ca?: Material
  readonly insecure: boolean
  /** The name in the server's certificate where it differs from the address. */
  readonly serverName?: string
  readonly proxy?: string
  readonly namespace?: string
  readonly credentials: Credentials
}

type Fields = Readonly<Record<string, unknown>>

/**
 * `path` is where the text came from: relative files lie beside it, messages name it. Failure `bad-kubeconfig` (fault input), which
 * never quotes a value of the file.
 */
export function parseKubeconfig(text: string, path: string, context: string | null): ApiTarget {
  const bad = (what: string, hint?: string) => badKubeconfig(path, what, hint)
  const config = readYaml(text, bad)
  const wanted = context ?? string(config['current-context'])
  const names = entries(config['contexts']).map(({ name }) => string(name) ?? 'one without a name')
  if (wanted === undefined || wanted === '') {
    throw bad(
      'it has no current-context',
      `name one by the input context: ${names.join(', ') || 'there is none'}`,
    )
  }
  const chosen = named(config['contexts'], wanted, 'context')
  if (chosen === null)
    throw bad(`it has no context ${wanted}`, `its contexts are ${names.join(', ') || 'none'}`)
  const cluster = named(config['clusters'], string(chosen['cluster']) ?? '', 'cluster')
  if (cluster === null) throw bad(`context ${wanted} names a cluster that does not exist`)
  const user = named(config['users'], string(chosen['user']) ?? '', 'user')
  if (user === null && chosen['user'] !== undefined)
    throw bad(`context ${wanted} names a user that does not exist`)
  const server = string(cluster['server']) ?? ''
  if (!/^https?:\/\//.test(server) || !URL.canParse(server)) {
    throw bad(`the cluster of context ${wanted} has no server address that begins with https://`)
  }
  const proxy = string(cluster['proxy-url'])
  // It may contain a password: the message must not quote it.
  if (proxy !== undefined && !(/^https?:\/\//.test(proxy) && URL.canParse(proxy))) {
    throw bad(`the proxy-url of context ${wanted} does not begin with http:// or https://`)
  }
  const material = materialIn(dirname(path), bad)
  return {
    context: wanted,
    server: new URL(server),
    insecure: cluster['insecure-skip-tls-verify'] === true,
    ...some('ca', material(cluster, 'certificate-authority')),
    ...some('serverName', string(cluster['tls-server-name'])),
    ...some('proxy', proxy),
    ...some('namespace', string(chosen['namespace'])),
    credentials: credentialsOf(user ?? {}, material, { directory: dirname(path), bad }),
  }
}

export const badKubeconfig = (path: string, what: string, hint?: string): Failure =>
  new Failure('bad-kubeconfig', `the kubeconfig ${path} cannot be used: ${what}`, {
    fault: 'input',
    ...some('hint', hint),
  })

type Bad = (what: string, hint?: string) => Failure

function readYaml(text: string, bad: Bad): Fields {
  const read = readOneYaml(text)
  // The parser's message might quote the line, which may contain a key.
  if (read.kind === 'mistake') throw bad('it is not YAML')
  if (typeof read.value !== 'object' || read.value === null) throw bad('it is not a kubeconfig')
  return read.value as Fields
}

function credentialsOf(
  user: Fields,
  material: ReturnType<typeof materialIn>,
  { directory, bad }: { readonly directory: string; readonly bad: Bad },
): Credentials {
  if (user['auth-provider'] !== undefined) {
    throw bad('its user has an auth-provider, which Kubernetes removed', 'use an exec plugin or a token')
  }
  const username = string(user['username'])
  const token = string(user['token'])
  const tokenFile = string(user['tokenFile'])
  const exec = user['exec']
  return {
    ...some('certificate', material(user, 'client-certificate')),
    ...some('key', material(user, 'client-key')),
    ...(tokenFile === undefined ? {} : { token: { file: resolve(directory, tokenFile) } }),
    ...(token === undefined ? {} : { token: { text: token } }),
    ...(username === undefined ? {} : { basic: { username, password: string(user['password']) ?? '' } }),
    ...(typeof exec === 'object' && exec !== null ? { exec: execPlugin(exec as Fields, bad) } : {}),
  }
}

function execPlugin(exec: Fields, bad: Bad): ExecPlugin {
  const word = (value: unknown): string => {
    if (typeof value === 'object' || value === undefined)
      throw bad('its exec plugin has an argument or a variable that is no text')
    return String(value)
  }
  const command = string(exec['command'])
  if (command === undefined) throw bad('its exec plugin has no command')
  const env = entries(exec['env']).map(({ name, value }) => [word(name), word(value)])
  return {
    apiVersion: string(exec['apiVersion']) ?? 'client.authentication.k8s.io/v1',
    command,
    args: Array.isArray(exec['args']) ? exec['args'].map(word) : [],
    env: Object.fromEntries(env) as Record<string, string>,
  }
}

function materialIn(directory: string, bad: Bad) {
  return (fields: Fields, key: string): Material | undefined => {
    const data = string(fields[`${key}-data`])
    const file = string(fields[key])
    if (data === undefined) return file === undefined ? undefined : { file: resolve(directory, file) }
    const text = Buffer.from(data, 'base64').toString('utf8')
    if (!text.includes('-----BEGIN')) throw bad(`${key}-data is not a PEM file in base64`)
    return { text }
  }
}

function entries(value: unknown): readonly Fields[] {
  return Array.isArray(value)
    ? value.filter((one): one is Fields => typeof one === 'object' && one !== null)
    : []
}

function named(list: unknown, name: string, inner: string): Fields | null {
  const found = entries(list).find((one) => one['name'] === name)?.[inner]
  return typeof found === 'object' && found !== null ? (found as Fields) : null
}

const string = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined

const some = <K extends string, V>(key: K, value: V | undefined): Partial<Record<K, V>> =>
  value === undefined ? {} : ({ [key]: value } as Record<K, V>)
