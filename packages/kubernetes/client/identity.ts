import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import { Failure, errorCode } from '@alt-las/failure'
import { childEnvironment, credentialVariables } from '@alt-las/process'
import type { Clock } from '@alt-las/time'
import type { ExecPlugin, Material, ApiTarget } from './kubeconfig.ts'

/** What a request carries: a client certificate, a header, or neither. */
export interface Identity {
  readonly certificate?: string
  readonly key?: string
  readonly authorization?: string
}

export interface ClientEnvironment {
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly clock: Clock
  /** Called with each credential as soon as it is read. */
  readonly hide?: ((secrets: readonly string[]) => void) | undefined
}

export type Identify = (options?: { readonly fresh?: boolean }) => Promise<Identity>

/** Tokens in files are read for each request, since they are renewed; a plugin's answer is kept until a minute before it expires. */
export function identityOf(target: ApiTarget, world: ClientEnvironment): Identify {
  const { certificate, key, token, basic, exec } = target.credentials
  if (exec !== undefined) return pluginIdentity(exec, target, world)
  const secret = async (material: Material) => {
    const text = await load(material)
    if ('file' in material) world.hide?.([text])
    return text
  }
  return async () => ({
    ...(certificate === undefined ? {} : { certificate: await load(certificate) }),
    ...(key === undefined ? {} : { key: await secret(key) }),
    ...(basic === undefined
      ? {}
      : { authorization: `Basic ${base64(`${basic.username}:${basic.password}`)}` }),
    ...(token === undefined ? {} : { authorization: `Bearer ${(await secret(token)).trim()}` }),
  })
}

export async function load(material: Material): Promise<string> {
  if ('text' in material) return material.text
  try {
    return await readFile(material.file, 'utf8')
  } catch (cause) {
    throw new Failure('bad-kubeconfig', `cannot read ${material.file}, a file of the kubeconfig`, {
      fault: 'input',
      cause,
    })
  }
}

function pluginIdentity(plugin: ExecPlugin, target: ApiTarget, world: ClientEnvironment): Identify {
  const { clock } = world
  let kept: { readonly identity: Identity; readonly until: number } | null = null
  return async (options) => {
    if (kept === null || options?.fresh === true || clock.now() >= kept.until) {
      kept = await runPlugin(plugin, target, world)
    }
    return kept.identity
  }
}

async function runPlugin(plugin: ExecPlugin, target: ApiTarget, { environment, hide }: ClientEnvironment) {
  const info = {
    apiVersion: plugin.apiVersion,
    kind: 'ExecCredential',
    spec: { interactive: false, cluster: { server: target.server.href } },
  }
  const own = childEnvironment(environment, credentialVariables(plugin.command))
  const env = { ...own, ...plugin.env, KUBERNETES_EXEC_INFO: JSON.stringify(info) }
  try {
    const { stdout } = await promisify(execFile)(plugin.command, [...plugin.args], { env, timeout: 30_000 })
    const credential = parseCredential(stdout)
    hide?.(credential.secrets)
    return credential
  } catch (cause) {
    // Its output may contain a token, so only its exit is reported.
    const how = errorCode(cause) ?? 'unreadable answer'
    throw new Failure(
      'bad-kubeconfig',
      `the kubeconfig's plugin ${plugin.command} gave no credential (${how})`,
      {
        fault: 'input',
        hint: `run ${plugin.command} on this machine to see why`,
      },
    )
  }
}

function parseCredential(text: string): { identity: Identity; until: number; secrets: readonly string[] } {
  const { status } = JSON.parse(text) as {
    status: {
      token?: string
      clientCertificateData?: string
      clientKeyData?: string
      expirationTimestamp?: string
    }
  }
  const { token, clientCertificateData, clientKeyData, expirationTimestamp } = status
  const identity = {
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    ...(clientCertificateData === undefined ? {} : { certificate: clientCertificateData }),
    ...(clientKeyData === undefined ? {} : { key: clientKeyData }),
  }
  const expires = expirationTimestamp === undefined ? Infinity : Date.parse(expirationTimestamp)
  const secrets = [token, clientKeyData].filter((one) => one !== undefined)
  return { identity, until: expires - 60_000, secrets }
}

const base64 = (text: string): string => Buffer.from(text).toString('base64')
