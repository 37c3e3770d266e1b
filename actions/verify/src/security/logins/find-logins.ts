import type { Service, Workload } from '@alt-las/kubernetes'
import type { SecuritySettings } from '../policy/settings.ts'
import type { Connection } from '../network/connections.ts'
import type { LoginAttempt, LoginKind } from './login-script.ts'

/** A login with the workload whose labels the pod carries that tries it; null: a pod without any workload's labels. */
export interface Login extends LoginAttempt {
  readonly from: string | null
}

/** The last part of an image's repository, by what it runs. */
const programs: Readonly<Record<string, LoginKind>> = {
  grafana: 'grafana',
  'grafana-oss': 'grafana',
  'grafana-enterprise': 'grafana',
  prometheus: 'prometheus',
  postgres: 'postgresql',
  postgresql: 'postgresql',
  timescaledb: 'postgresql',
  postgis: 'postgresql',
}

/**
 * The logins of the policy, and those of the Services in front of verified workloads that run a known program. A pod that may reach it tries: one
 * that `allowed-connections` names, else one without labels.
 */
export function findLogins(
  { workloads, services }: { readonly workloads: readonly Workload[]; readonly services: readonly Service[] },
  { logins, allowed }: Pick<SecuritySettings, 'logins'> & { readonly allowed: readonly Connection[] },
): readonly Login[] {
  const own = logins.map(({ kind, address, from = null }): Login => {
    const colon = address.lastIndexOf(':')
    return { kind, host: address.slice(0, colon), port: Number(address.slice(colon + 1)), from }
  })
  const found = workloads.flatMap((workload) => {
    const kind = kindOf(workload)
    const fronts = kind === null ? [] : services.filter((service) => selects(service, workload))
    return fronts.flatMap(({ metadata: { name: host }, spec: { ports = [] } }) =>
      // The first port is the one for clients; metrics and the like come after it.
      ports.slice(0, 1).map(({ port }): Login => ({
        kind: kind ?? 'prometheus',
        host,
        port,
        from: clientOf(host, port, allowed),
      })),
    )
  })
  const known = new Set(own.map(({ host, port }) => `${host}:${port}`))
  return [...own, ...found.filter(({ host, port }) => !known.has(`${host}:${port}`))]
}

function kindOf({ spec }: Workload): LoginKind | null {
  for (const { image } of spec.template.spec.containers) {
    const program = /([a-z0-9-]+)(?::[^/@]*)?(?:@.*)?$/.exec(image)?.[1] ?? ''
    const kind = programs[program]
    if (kind !== undefined) return kind
  }
  return null
}

function selects({ spec: { selector = {} } }: Service, { spec }: Workload): boolean {
  const labels = spec.template.metadata?.labels ?? {}
  const wanted = Object.entries(selector)
  return wanted.length > 0 && wanted.every(([key, value]) => labels[key] === value)
}

function clientOf(host: string, port: number, allowed: readonly Connection[]): string | null {
  return (
    allowed.find((one) => one.host.split('.')[0] === host && one.port === port && one.from !== null)?.from ??
    null
  )
}
