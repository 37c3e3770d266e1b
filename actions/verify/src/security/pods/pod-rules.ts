import type { Container, Pod, PodSpec } from '@alt-las/kubernetes'

export const podRules = [
  'non-root',
  'no-escalation',
  'read-only-root',
  'seccomp',
  'capabilities',
  'no-host-access',
  'no-plain-secrets',
] as const
export type PodRule = (typeof podRules)[number]

export interface Broken {
  readonly rule: PodRule
  readonly because: string
}

type HostSpec = PodSpec & {
  readonly hostNetwork?: boolean
  readonly hostPID?: boolean
  readonly hostIPC?: boolean
}

/** Rules that a live pod's spec breaks. Every container counts, also init containers. */
export function brokenRules(pod: Pod): readonly Broken[] {
  const { spec } = pod
  const containers = [...(spec.initContainers ?? []), ...spec.containers]
  return [...hostAccess(spec), ...containers.flatMap((container) => containerRules(container, spec))]
}

function hostAccess(spec: HostSpec): readonly Broken[] {
  const shared = (['hostNetwork', 'hostPID', 'hostIPC'] as const).filter((one) => spec[one] === true)
  const paths = (spec.volumes ?? [])
    .filter((volume) => 'hostPath' in volume)
    .map((volume) => `hostPath ${volume.name}`)
  return [...shared, ...paths].map((what) => ({ rule: 'no-host-access', because: `the pod has ${what}` }))
}

function containerRules(container: Container, spec: PodSpec): readonly Broken[] {
  const own = container.securityContext ?? {}
  const pod = spec.securityContext ?? {}
  const user = own.runAsUser ?? pod.runAsUser
  const nonRoot = own.runAsNonRoot ?? pod.runAsNonRoot ?? (user !== undefined && user > 0)
  const seccomp = own.seccompProfile?.type ?? pod.seccompProfile?.type ?? 'none'
  const added = (own.capabilities?.add ?? []).filter((one) => one !== 'NET_BIND_SERVICE')
  const facts: readonly (readonly [boolean, PodRule, string])[] = [
    [nonRoot && user !== 0, 'non-root', 'may run as root'],
    [own.allowPrivilegeEscalation === false, 'no-escalation', 'may gain privileges'],
    [own.readOnlyRootFilesystem === true, 'read-only-root', 'may write its root file system'],
    [['RuntimeDefault', 'Localhost'].includes(seccomp), 'seccomp', `has the seccomp profile ${seccomp}`],
    [
      (own.capabilities?.drop ?? []).includes('ALL') && added.length === 0,
      'capabilities',
      'keeps capabilities',
    ],
    [own.privileged !== true, 'no-host-access', 'is privileged'],
  ]
  const broken = facts
    .filter(([holds]) => !holds)
    .map(([, rule, why]) => ({ rule, because: `${container.name} ${why}` }))
  return [...broken, ...plainSecrets(container)]
}

function plainSecrets(container: Container): readonly Broken[] {
  const names = expanded(container.env ?? [])
    .filter(({ name, value }) => looksSecret(name, value))
    .map(({ name }) => name)
  return names.map((name) => ({
    rule: 'no-plain-secrets',
    because: `${container.name} has a secret in plain text in ${name}`,
  }))
}

/** References between parentheses, and escaped ones, which begin with two dollars. */
const reference = /\$?\$\(([\w.-]+)\)/g

/** The plain part of each value: `$(NAME)` is filled in as the kubelet does, from the entries before it; what comes from a Secret is empty. */
function expanded(
  env: NonNullable<Container['env']>,
): readonly { readonly name: string; readonly value: string }[] {
  const known = new Map<string, string>()
  return env.map(({ name, value = '' }) => {
    const plain = value.replace(reference, (whole, of: string) =>
      whole.startsWith('$$') ? whole.slice(1) : (known.get(of) ?? ''),
    )
    known.set(name, plain)
    return { name, value: plain }
  })
}

const secretName = /(?:PASSWORD|PASSWD|SECRET|TOKEN|API_?KEY|PRIVATE_?KEY|CREDENTIALS?)$/i
const secretValue =
  /-----BEGIN [A-Z ]*PRIVATE KEY-----|\b(?:ghp|gho|ghs|github_pat|glpat|xox[abp])[_-]\w{16,}|\bAKIA[0-9A-Z]{16}\b|\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.|:\/\/[^\s/:@]+:[^\s/@]+@/

/** `$(NAME)` and `${NAME}`: filled in by whoever reads the value. */
const placeholder = /\$\([\w.-]+\)|\$\{[\w.-]+\}/g

/** Whether a name or its value looks like a secret. The value is never repeated in a message. */
export function looksSecret(name: string, value: string): boolean {
  const plain = value.replace(placeholder, '')
  return (secretName.test(name) && plain !== '') || secretValue.test(plain)
}
