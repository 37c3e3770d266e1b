import type { Container, Pod, PodSpec } from '@alt-las/kubernetes'
import { isPlainSecret } from '@alt-las/secrets'

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

/** Rules that a live pod breaks. Every container counts, also init containers and those that `kubectl debug` has added. */
export function brokenRules(pod: Pod): readonly Broken[] {
  const { spec } = pod
  const containers = [...(spec.initContainers ?? []), ...spec.containers, ...(spec.ephemeralContainers ?? [])]
  return [
    ...hostAccess(spec),
    ...containers.flatMap((container) => containerRules(container, spec)),
    ...runsAsRoot(pod),
  ]
}

/** By the node's own report, which an image or a webhook can make differ from the specification. */
function runsAsRoot({ spec, status }: Pod): readonly Broken[] {
  const asRoot = (status?.containerStatuses ?? []).filter(({ user }) => user?.linux?.uid === 0)
  const known = spec.containers.filter((container) => !mayBeRoot(container, spec)).map(({ name }) => name)
  return asRoot
    .filter(({ name }) => known.includes(name))
    .map(({ name }) => ({ rule: 'non-root', because: `${name} runs as root, as its node reports` }))
}

function mayBeRoot(
  { securityContext: own = {} }: Container,
  { securityContext: pod = {} }: PodSpec,
): boolean {
  const user = own.runAsUser ?? pod.runAsUser
  const nonRoot = own.runAsNonRoot ?? pod.runAsNonRoot ?? (user !== undefined && user > 0)
  return !nonRoot || user === 0
}

function hostAccess(spec: HostSpec): readonly Broken[] {
  const shared = (['hostNetwork', 'hostPID', 'hostIPC'] as const).filter((one) => spec[one] === true)
  const paths = (spec.volumes ?? [])
    .filter((volume) => 'hostPath' in volume)
    .map((volume) => `hostPath ${volume.name}`)
  const ports = spec.containers
    .flatMap((container) => container.ports ?? [])
    .flatMap(({ hostPort = 0 }) => (hostPort === 0 ? [] : [`host port ${hostPort}`]))
  return [...shared, ...paths, ...ports].map((what) => ({
    rule: 'no-host-access',
    because: `the pod has ${what}`,
  }))
}

function containerRules(container: Container, spec: PodSpec): readonly Broken[] {
  const own = container.securityContext ?? {}
  const pod = spec.securityContext ?? {}
  const seccomp = own.seccompProfile?.type ?? pod.seccompProfile?.type ?? 'none'
  const added = (own.capabilities?.add ?? []).filter((one) => one !== 'NET_BIND_SERVICE')
  const facts: readonly (readonly [boolean, PodRule, string])[] = [
    [!mayBeRoot(container, spec), 'non-root', 'may run as root'],
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
  const env = expanded(container.env ?? [])
    .filter(({ name, value }) => isPlainSecret(name, value) !== null)
    .map(({ name }) => name)
  const given = secretArguments([...(container.command ?? []), ...(container.args ?? [])])
  return [...env, ...given].map((where) => ({
    rule: 'no-plain-secrets',
    because: `${container.name} has a secret in plain text in ${where}`,
  }))
}

/** `--password=x`, `--token x`, `-c secret=x`, and any argument that has the form of a credential. */
function secretArguments(all: readonly string[]): readonly string[] {
  return all.flatMap((text, index) => {
    const [, name = '', value = text] = /^-*([A-Za-z][\w.-]{0,127})=([^]*)$/.exec(text) ?? []
    const flag = /^--?([A-Za-z][\w.-]{0,127})$/.exec(all[index - 1] ?? '')?.[1] ?? ''
    const by = name === '' && !text.startsWith('-') ? flag : name
    return isPlainSecret(by, value) === null
      ? []
      : [`its argument ${index + 1}${by === '' ? '' : ` (${by})`}`]
  })
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
