import { existsSync, readFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { Failure, errorCode } from '@alt-las/failure'
import { kubeconfigSecrets } from '@alt-las/secrets'
import { badKubeconfig, parseKubeconfig, type ApiTarget } from './kubeconfig.ts'

export interface TargetOptions {
  /** A path, or the content itself (anything of more than one line, or a JSON object); null: the environment's. */
  readonly kubeconfig: string | null
  readonly context: string | null
  /** The process' environment; KUBECONFIG, HOME and KUBERNETES_SERVICE_HOST are read. */
  readonly environment: Readonly<Record<string, string | undefined>>
  /** Called with every credential as soon as it is read, so that no log shows it. */
  readonly hide?: (secrets: readonly string[]) => void
}

const serviceAccount = '/var/run/secrets/kubernetes.io/serviceaccount'

/** In this order: the input, $KUBECONFIG, ~/.kube/config, the pod's service account. Failure `bad-kubeconfig` (fault input). */
export function findTarget({ kubeconfig, context, environment, hide }: TargetOptions): ApiTarget {
  const parsed = (text: string, path: string) => {
    hide?.(kubeconfigSecrets(text))
    return parseKubeconfig(text, path, context)
  }
  if (kubeconfig !== null && isContent(kubeconfig)) {
    return parsed(kubeconfig, '(given as text)')
  }
  const path = kubeconfig ?? defaultPath(environment, context)
  if (path !== null) return parsed(read(path), path)
  const inside = inCluster(environment)
  if (inside !== null) return inside
  throw new Failure('bad-kubeconfig', 'there is no kubeconfig', {
    fault: 'input',
    hint: 'set the input kubeconfig to a path or to the content, or KUBECONFIG to a path',
  })
}

const isContent = (text: string): boolean => text.trim().includes('\n') || text.trim().startsWith('{')

function defaultPath(environment: TargetOptions['environment'], context: string | null): string | null {
  const listed = (environment['KUBECONFIG'] ?? '').split(delimiter).filter((path) => path !== '')
  const path = listed[0]
  if (path !== undefined) {
    if (listed.length === 1 || context === null) return path
    // Of several files the one that has the context.
    return listed.find((one) => existsSync(one) && read(one).includes(context)) ?? path
  }
  const home = join(environment['HOME'] ?? '/nonexistent', '.kube', 'config')
  return existsSync(home) ? home : null
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    throw badKubeconfig(path, `the file cannot be read (${errorCode(error) ?? 'unreadable'})`)
  }
}

function inCluster(environment: TargetOptions['environment']): ApiTarget | null {
  const host = environment['KUBERNETES_SERVICE_HOST']
  if (host === undefined || !existsSync(`${serviceAccount}/token`)) return null
  const port = environment['KUBERNETES_SERVICE_PORT'] ?? '443'
  return {
    context: 'in-cluster',
    server: new URL(`https://${host.includes(':') ? `[${host}]` : host}:${port}`),
    insecure: false,
    ca: { file: `${serviceAccount}/ca.crt` },
    namespace: read(`${serviceAccount}/namespace`).trim(),
    // A file, since the kubelet renews the token.
    credentials: { token: { file: `${serviceAccount}/token` } },
  }
}
