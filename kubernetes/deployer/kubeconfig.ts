/** Asks kubectl with these arguments; resolves to its standard output, rejects with what it said. */
export type Kubectl = (args: readonly string[]) => Promise<string>

export interface Order {
  readonly environment: 'production' | 'beta'
  readonly hours: number
  /** File that is written. */
  readonly output: string
  /** Context of the own kubeconfig; null = the current one. */
  readonly context: string | null
}

export interface Made {
  /** JSON, which is YAML. */
  readonly kubeconfig: string
  /** As the API server says, which may allow less than was asked for. */
  readonly expires: string
}

export const usage = `node kubernetes/deployer/make-kubeconfig.ts production|beta --output FILE [--hours 6] [--context NAME]`

/** Reads the command line. Throws one error with every problem. */
export function parseOrder(args: readonly string[]): Order {
  const [environment = '', ...rest] = args
  const options = new Map<string, string>()
  const problems: string[] = []
  for (let i = 0; i < rest.length; i += 2) {
    const name = rest[i] ?? ''
    const value = rest[i + 1]
    if (!['--output', '--hours', '--context'].includes(name))
      problems.push(`got ${name}, expected --output, --hours or --context`)
    else if (value === undefined || value === '') problems.push(`${name}: got nothing, expected a value`)
    else options.set(name, value)
  }
  if (environment !== 'production' && environment !== 'beta')
    problems.push(`environment: got ${environment || 'nothing'}, expected production or beta`)
  const hours = options.get('--hours') ?? '6'
  if (!/^\d+$/.test(hours) || Number(hours) < 1 || Number(hours) > 24)
    problems.push(`--hours: got ${hours}, expected a whole number from 1 to 24`)
  const output = options.get('--output')
  if (output === undefined) problems.push('--output: is required, got nothing: the file that is written')
  if (problems.length > 0) throw new Error(`${problems.join('\n')}\nusage: ${usage}`)
  return {
    environment: environment as Order['environment'],
    hours: Number(hours),
    output: output ?? '',
    context: options.get('--context') ?? null,
  }
}

/** A kubeconfig with a token of the environment's deployer, for the cluster that kubectl talks to. */
export async function makeKubeconfig(order: Order, kubectl: Kubectl): Promise<Made> {
  const { environment, hours } = order
  const from = order.context === null ? [] : ['--context', order.context]
  const account = ['create', 'token', environment, '--namespace', 'alt-las-deployers']
  const [answer, view] = [
    await kubectl([...from, ...account, '--duration', `${hours}h`, '--output', 'json']),
    await kubectl([...from, 'config', 'view', '--minify', '--flatten', '--output', 'json']),
  ]
  const { token, expirationTimestamp } = statusOf(answer)
  const name = `atlas-${environment}`
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name, cluster: clusterOf(view) }],
    users: [{ name: 'deployer', user: { token } }],
    contexts: [{ name, context: { cluster: name, user: 'deployer', namespace: name } }],
    'current-context': name,
  }
  return { kubeconfig: `${JSON.stringify(config, null, 2)}\n`, expires: expirationTimestamp }
}

function statusOf(answer: string): { readonly token: string; readonly expirationTimestamp: string } {
  const { status } = parsed(answer) as { status?: { token?: unknown; expirationTimestamp?: unknown } }
  const { token, expirationTimestamp } = status ?? {}
  if (typeof token !== 'string' || typeof expirationTimestamp !== 'string')
    throw new Error('kubectl create token: got an answer without token and expiry; use kubectl 1.24 or newer')
  return { token, expirationTimestamp }
}

/** Address and authority of the cluster, and nothing of the user that asks. */
function clusterOf(view: string): Readonly<Record<string, string>> {
  const { clusters } = parsed(view) as { clusters?: readonly { cluster?: Record<string, string> }[] }
  const { server, 'certificate-authority-data': authority } = clusters?.[0]?.cluster ?? {}
  if (server === undefined)
    throw new Error('kubectl config view: got no cluster; choose one with --context or KUBECONFIG')
  if (!server.startsWith('https://'))
    throw new Error(
      `the cluster's address is ${server}, expected https: a token must not travel in clear text`,
    )
  return { server, ...(authority !== undefined && { 'certificate-authority-data': authority }) }
}

function parsed(text: string): object {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null) return value
  } catch {
    // The text may hold the token: it is not quoted.
  }
  throw new Error('kubectl: got an answer that is no JSON object; use kubectl 1.24 or newer')
}
