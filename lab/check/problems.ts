import { ports } from '../addresses.ts'

export interface Listener {
  readonly address: string
  readonly port: number
  readonly process: string | null
  readonly pid: number | null
}

/** What was seen of the machine before anything is changed on it. */
export interface Machine {
  readonly platform: string
  readonly user: number
  readonly node: string
  readonly go: string | null
  readonly missing: readonly string[]
  readonly cgroups: boolean
  readonly listeners: readonly Listener[]
  /** Process numbers of the lab that is up already: what they hold is not taken. */
  readonly own: readonly number[]
  readonly freeGigabytes: number
  readonly cacheFreeGigabytes: number
  readonly memoryGigabytes: number
}

// Go fetches the newer compiler that a program's go.mod asks for by itself, from 1.21 on.
const least = { go: [1, 21], disk: 12, cache: 10, memory: 5 } as const

/** Everything that keeps the lab from running on this machine, each with its remedy; empty when it may begin. */
export function problems(machine: Machine): readonly string[] {
  return [
    ...when(machine.platform !== 'linux/x64', `platform: got ${machine.platform}, expected linux/x64`),
    ...when(
      machine.user !== 0,
      'user: not root; the lab makes network bridges, mounts and cgroups: run it as root',
    ),
    ...when(
      Number(machine.node.split('.')[0]) < 24,
      `node: got ${machine.node}, expected 24: run npm ci, then npm run lab`,
    ),
    ...goProblem(machine.go),
    ...machine.missing.map((command) => `${command}: not found on the PATH; install it`),
    ...when(
      !machine.cgroups,
      'cgroups: neither version 1 nor 2 is mounted at /sys/fs/cgroup; containers cannot run here',
    ),
    ...ports.flatMap((wanted) => portProblem(machine, wanted)),
    ...spaceProblem('disk for the lab', machine.freeGigabytes, least.disk),
    ...spaceProblem('disk for the cache', machine.cacheFreeGigabytes, least.cache),
    ...spaceProblem('memory', machine.memoryGigabytes, least.memory),
  ]
}

const when = (wrong: boolean, text: string): readonly string[] => (wrong ? [text] : [])

function goProblem(version: string | null): readonly string[] {
  const expected = `expected ${least.go.join('.')} or newer: install it from go.dev/dl and put it on the PATH`
  if (version === null) return [`go: not found, ${expected}`]
  const [major = 0, minor = 0] = version.replace(/^go/, '').split('.').map(Number)
  return when(
    major < least.go[0] || (major === least.go[0] && minor < least.go[1]),
    `go: got ${version}, ${expected}`,
  )
}

const anyAddress = (address: string): boolean => ['*', '0.0.0.0', '::'].includes(address)

function portProblem(
  machine: Machine,
  wanted: { readonly part: string; readonly address: string; readonly port: number },
): readonly string[] {
  const taken = machine.listeners.find(
    (one) =>
      one.port === wanted.port &&
      (anyAddress(one.address) || anyAddress(wanted.address) || one.address === wanted.address),
  )
  if (!taken || (taken.pid !== null && machine.own.includes(taken.pid))) return []
  const holder =
    taken.pid === null
      ? 'a process that cannot be seen from here'
      : `${taken.process ?? 'a process'} (${taken.pid})`
  return [`port ${wanted.port} for ${wanted.part}: taken by ${holder} on ${taken.address}; stop it`]
}

const spaceProblem = (what: string, got: number, expected: number): readonly string[] =>
  when(got < expected, `${what}: got ${got.toFixed(1)} GiB, expected at least ${expected} GiB`)
