import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Failure, errorCode } from '@alt-las/failure'

/** `identity`: a token that is exchanged for another one at the registry's token server (docker's `identitytoken`). */
export type Credentials =
  | { readonly kind: 'basic'; readonly username: string; readonly password: string }
  | { readonly kind: 'identity'; readonly token: string }

/** Runs a credential helper, and hides what was found. Its `run` is that of the process package's helperProcess. */
export interface Helper {
  /** Told of each secret as soon as it is read, so that no log shows it. */
  readonly hide: (secrets: readonly string[]) => void
  run(
    command: string,
    args: readonly string[],
    options: { readonly stdin: string; readonly timeoutMs: number },
  ): Promise<{ readonly code: number | null; readonly stdout: string; readonly stderr: string }>
}

interface Auth {
  readonly auth?: string
  readonly username?: string
  readonly password?: string
  readonly identitytoken?: string
}

interface DockerConfig {
  readonly auths?: Readonly<Record<string, Auth>>
  readonly credHelpers?: Readonly<Record<string, string>>
  readonly credsStore?: string
}

const helperTimeoutMs = 30_000

/**
 * Credentials of a registry in the docker configuration of `folder`: its own helper, else the common store, else the file's entry;
 * null where none of them knows it. Throws Failure `bad-docker-config` or `credential-helper`, never with a secret in the message.
 */
export async function findCredentials(
  registry: string,
  folder: string,
  helper: Helper,
): Promise<Credentials | null> {
  const found = await find(registry, folder, helper)
  // Basic authentication sends both parts as one text in base64.
  if (found?.kind === 'basic') helper.hide([found.password, `${found.username}:${found.password}`])
  if (found?.kind === 'identity') helper.hide([found.token])
  return found
}

async function find(registry: string, folder: string, helper: Helper): Promise<Credentials | null> {
  const config = await readConfig(join(folder, 'config.json'))
  const names = namesOf(registry)
  const own = names.map((name) => config.credHelpers?.[name]).find((name) => name !== undefined)
  const store = own ?? config.credsStore
  if (store !== undefined && store !== '') {
    const found = await ask(store, names[0] ?? registry, helper)
    if (found !== null) return found
  }
  const entry = Object.entries(config.auths ?? {}).find(
    ([key]) => names.includes(key) || hostOf(key) === registry,
  )
  return entry === undefined ? null : fromAuth(entry[1])
}

// Docker Hub's entry has had this name since its first version.
function namesOf(registry: string): readonly string[] {
  return registry === 'docker.io'
    ? ['https://index.docker.io/v1/', 'index.docker.io', 'docker.io']
    : [registry]
}

function hostOf(key: string): string {
  return key.replace(/^https?:\/\//, '').replace(/\/.*$/, '')
}

async function readConfig(file: string): Promise<DockerConfig> {
  let text: string
  try {
    text = await readFile(file, 'utf8')
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return {}
    throw badConfig(file, error)
  }
  const config = readObject(text)
  if (config === null) throw badConfig(file, new Error('it is not JSON'))
  const { credsStore } = config
  return {
    auths: mapOf(config['auths'], authOf),
    credHelpers: mapOf(config['credHelpers'], textOf),
    ...(typeof credsStore === 'string' ? { credsStore } : {}),
  }
}

type Read = Readonly<Record<string, unknown>>

// The parser's message may quote the text and a secret in it.
function readObject(text: string): Read | null {
  try {
    return objectOf(JSON.parse(text))
  } catch {
    return null
  }
}

function objectOf(value: unknown): Read | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Read) : null
}

/** What docker itself would not read counts as not there. */
function mapOf<T>(value: unknown, read: (one: unknown) => T | undefined): Readonly<Record<string, T>> {
  const pairs = Object.entries(objectOf(value) ?? {}).map(([key, one]) => [key, read(one)] as const)
  return Object.fromEntries(pairs.filter((pair): pair is readonly [string, T & {}] => pair[1] !== undefined))
}

const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)

function authOf(value: unknown): Auth | undefined {
  const entry = objectOf(value)
  if (entry === null) return undefined
  const names = ['auth', 'username', 'password', 'identitytoken'] as const
  return Object.fromEntries(
    names.flatMap((name) => (typeof entry[name] === 'string' ? [[name, entry[name]]] : [])),
  )
}

async function ask(store: string, server: string, helper: Helper): Promise<Credentials | null> {
  if (!/^[\w.-]+$/.test(store))
    throw badHelper(store, 'its name contains other characters than letters, digits, . _ -')
  const command = `docker-credential-${store}`
  const { code, stdout } = await helper.run(command, ['get'], { stdin: server, timeoutMs: helperTimeoutMs })
  if (code !== 0) {
    if (/credentials not found/i.test(stdout)) return null
    // Only the first line of stdout, which has the reason by the helpers' protocol.
    throw badHelper(command, `exit ${code}: ${stdout.split('\n')[0]?.slice(0, 200) ?? ''}`)
  }
  const answer = readObject(stdout)
  if (answer === null) throw badHelper(command, 'its answer is not JSON')
  const { Username, Secret } = answer
  if (typeof Username !== 'string' || typeof Secret !== 'string')
    throw badHelper(command, 'its answer lacks Username or Secret')
  return Username === '<token>'
    ? { kind: 'identity', token: Secret }
    : { kind: 'basic', username: Username, password: Secret }
}

function fromAuth({ auth, username, password, identitytoken }: Auth): Credentials | null {
  if (identitytoken !== undefined && identitytoken !== '') return { kind: 'identity', token: identitytoken }
  const decoded = Buffer.from(auth ?? '', 'base64').toString('utf8')
  const colon = decoded.indexOf(':')
  if (colon > 0)
    return {
      kind: 'basic',
      username: decoded.slice(0, colon),
      password: decoded.slice(colon + 1).replace(/\0+$/, ''),
    }
  return username !== undefined && password !== undefined && password !== ''
    ? { kind: 'basic', username, password }
    : null
}

function badConfig(file: string, cause: unknown): Failure<'bad-docker-config'> {
  return new Failure('bad-docker-config', `cannot read the docker configuration ${file}`, {
    fault: 'input',
    cause,
    hint: 'repair it, or give `username` and `password`',
  })
}

function badHelper(command: string, what: string): Failure<'credential-helper'> {
  return new Failure('credential-helper', `${command} gives no credentials: ${what}`, {
    fault: 'outside',
    hint: 'log in again with that helper, or give `username` and `password`',
  })
}
