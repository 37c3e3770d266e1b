import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import { Failure } from '@alt-las/failure'
import type { Clock } from '@alt-las/time'
import { errorCode } from './error-code.ts'
import type { ExecPlugin, Material, Target } from './kubeconfig.ts'

/** What a request carries: a client certificate, a header, or neither. */
export interface Identity {
  readonly certificate?: string
  readonly key?: string
  readonly authorization?: string
}

export type Identify = (options?: { readonly fresh?: boolean }) => Promise<Identity>

/** Tokens in files are read for each request, since they are renewed; a plugin's answer is kept until a minute before it expires. */
export function identityOf(target: Target, environment: NodeJS.ProcessEnv, clock: Clock): Identify {
  const { certificate, key, token, basic, exec } = target.credentials
  if (exec !== undefined) return pluginIdentity(exec, target, { environment, clock })
  return async () => ({
    ...(certificate === undefined ? {} : { certificate: await load(certificate) }),
    ...(key === undefined ? {} : { key: await load(key) }),
    ...(basic === undefined
      ? {}
      : { authorization: `Basic ${base64(`${basic.username}:${basic.password}`)}` }),
    ...(token === undefined ? {} : { authorization: `Bearer ${(await load(token)).trim()}` }),
  })
}

export async function load(material: Material): Promise<string> {
  if ('text' in material) return material.text
  try {
    return await readFile(material.file, 'utf8')
  } catch (cause) {
    throw new Failure('bad-kubeconfig', `the kubeconfig names ${material.file}, which cannot be read`, {
      fault: 'input',
      cause,
    })
  }
}

function pluginIdentity(
  plugin: ExecPlugin,
  target: Target,
  { environment, clock }: { environment: NodeJS.ProcessEnv; clock: Clock },
): Identify {
  let kept: { readonly identity: Identity; readonly until: number } | null = null
  return async (options) => {
    if (kept === null || options?.fresh === true || clock.now() >= kept.until) {
      kept = await runPlugin(plugin, target, environment)
    }
    return kept.identity
  }
}

async function runPlugin(plugin: ExecPlugin, target: Target, environment: NodeJS.ProcessEnv) {
  const info = {
    apiVersion: plugin.apiVersion,
    kind: 'ExecCredential',
    spec: { interactive: false, cluster: { server: target.server.href } },
  }
  const env = { ...environment, ...plugin.env, KUBERNETES_EXEC_INFO: JSON.stringify(info) }
  try {
    const { stdout } = await promisify(execFile)(plugin.command, [...plugin.args], { env, timeout: 30_000 })
    return parseCredential(stdout)
  } catch (cause) {
    // Its output may hold a token: only how it ended is told.
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

function parseCredential(text: string): { identity: Identity; until: number } {
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
  return { identity, until: expires - 60_000 }
}

const base64 = (text: string): string => Buffer.from(text).toString('base64')
