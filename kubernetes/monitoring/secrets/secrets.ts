// What the parts of the monitoring know each other by: certificates of one short-lived authority, and the login of Grafana.
import { randomBytes } from 'node:crypto'

export interface Order {
  readonly environment: 'production' | 'beta'
  /** File with the address of the team's chat; it is a credential. */
  readonly teamUrl: string
  /** The same for who is on call. */
  readonly onCallUrl: string
  /** Days that the certificates are valid. */
  readonly days: number
  readonly renew: boolean
}

export interface Secret {
  readonly apiVersion: 'v1'
  readonly kind: 'Secret'
  readonly type: 'Opaque' | 'kubernetes.io/tls'
  readonly metadata: {
    readonly name: string
    readonly namespace: string
    readonly labels: Readonly<Record<string, string>>
  }
  readonly stringData: Readonly<Record<string, string>>
}

export interface Pair {
  readonly crt: string
  readonly key: string
}

/** `ca` is the certificate of the authority; its key is kept nowhere. */
export interface Certificates {
  readonly ca: string
  readonly server: Pair
  readonly client: Pair
}

export interface Receivers {
  readonly team: string
  readonly onCall: string
}

export const usage =
  'node kubernetes/monitoring/secrets/make-secrets.ts production|beta --team-url FILE --on-call-url FILE [--days 365] [--renew]'

/** Reads the command line. Throws one error with every problem. */
export function parseOrder(args: readonly string[]): Order {
  const [environment = '', ...rest] = args
  const options = new Map<string, string>()
  const problems: string[] = []
  let renew = false
  for (let index = 0; index < rest.length; index += 1) {
    const name = rest[index] ?? ''
    if (name === '--renew') {
      renew = true
      continue
    }
    const value = rest[(index += 1)]
    if (!['--team-url', '--on-call-url', '--days'].includes(name))
      problems.push(`got ${name}, expected --team-url, --on-call-url, --days or --renew`)
    else if (value === undefined || value === '') problems.push(`${name}: got nothing, expected a value`)
    else options.set(name, value)
  }
  if (environment !== 'production' && environment !== 'beta')
    problems.push(`environment: got ${environment || 'nothing'}, expected production or beta`)
  const days = options.get('--days') ?? '365'
  if (!/^\d+$/.test(days) || Number(days) < 1 || Number(days) > 397)
    problems.push(`--days: got ${days}, expected a whole number from 1 to 397`)
  for (const name of ['--team-url', '--on-call-url'])
    if (!options.has(name)) problems.push(`${name}: is required, got nothing: a file with one address`)
  if (problems.length > 0) throw new Error(`${problems.join('\n')}\nusage: ${usage}`)
  return {
    environment: environment as Order['environment'],
    teamUrl: options.get('--team-url') ?? '',
    onCallUrl: options.get('--on-call-url') ?? '',
    days: Number(days),
    renew,
  }
}

export const namespaceOf = (environment: Order['environment']): string => `atlas-${environment}`
export const observersOf = (environment: Order['environment']): string => `atlas-${environment}-observers`

/** Every name by which a part of the environment's monitoring is called. */
export function serverNames(environment: Order['environment']): readonly string[] {
  const namespace = namespaceOf(environment)
  const within = ['prometheus', 'alertmanager', 'loki', 'grafana', 'state-metrics']
  return [
    ...within,
    ...within.map((name) => `${name}.${namespace}.svc.cluster.local`),
    `state-metrics.${observersOf(environment)}.svc.cluster.local`,
    'localhost', // kubectl port-forward
  ]
}

/** One address, as a receiver's file has it. Throws for anything else, without showing it. */
export function parseUrl(text: string, name: string): string {
  const url = text.trim()
  if (URL.canParse(url) && /^https?:$/.test(new URL(url).protocol)) return url
  throw new Error(`${name}: expected a file with one address, https://… (its content is not shown)`)
}

/** All Secrets; the login of Grafana is made anew. */
export function secretsOf(
  environment: Order['environment'],
  certificates: Certificates,
  receivers: Receivers,
): readonly Secret[] {
  const namespace = namespaceOf(environment)
  const both = [namespace, observersOf(environment)]
  const { ca, server, client } = certificates
  return [
    ...both.map((at) => tls('monitoring-tls', at, { ca, pair: server })),
    ...both.map((at) => tls('monitoring-client', at, { ca, pair: client })),
    opaque('grafana-admin', namespace, {
      username: 'admin',
      password: randomBytes(24).toString('base64url'),
      'secret-key': randomBytes(32).toString('base64url'),
    }),
    opaque('alertmanager-receivers', namespace, {
      'team-url': receivers.team,
      'on-call-url': receivers.onCall,
    }),
  ]
}

const labels = { 'app.kubernetes.io/part-of': 'alt-las' }

const tls = (
  name: string,
  namespace: string,
  { ca, pair }: { readonly ca: string; readonly pair: Pair },
): Secret => ({
  apiVersion: 'v1',
  kind: 'Secret',
  type: 'kubernetes.io/tls',
  metadata: { name, namespace, labels },
  stringData: { 'tls.crt': pair.crt, 'tls.key': pair.key, 'ca.crt': ca },
})

const opaque = (name: string, namespace: string, stringData: Secret['stringData']): Secret => ({
  apiVersion: 'v1',
  kind: 'Secret',
  type: 'Opaque',
  metadata: { name, namespace, labels },
  stringData,
})
