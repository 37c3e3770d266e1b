import { parseArgs } from 'node:util'
import { extraNames, type ExtraName } from './versions.ts'

export type Command =
  | { readonly kind: 'default' | 'up' | 'down' | 'restart-node' | 'status' | 'help' }
  /** A part that `up` does not bring. */
  | { readonly kind: 'extra'; readonly name: ExtraName }
  | { readonly kind: 'logs'; readonly part: string | null }
  /** Requests per second to each service; 0 ends them. */
  | { readonly kind: 'traffic'; readonly rate: number }
  | { readonly kind: 'cancel'; readonly run: number | null }
  | { readonly kind: 'receive'; readonly repository: string }
  | { readonly kind: 'execute'; readonly run: number }
  | {
      readonly kind: 'release'
      readonly tag: string
      readonly from: string | null
      readonly repository: string | null
      readonly variables: Readonly<Record<string, string>>
    }
  | {
      readonly kind: 'dispatch'
      readonly workflow: string
      /** A tag that the lab has; null = the checkout's commit on main. */
      readonly ref: string | null
      readonly inputs: Readonly<Record<string, string>>
      readonly variables: Readonly<Record<string, string>>
    }

export const usage = `npm run lab                                   up if needed, then release v1.0.0; users come when it serves
npm run lab -- up                             a real cluster, registry, gateway and runner on this machine
npm run lab -- ${extraNames.join(' | ').padEnd(30)} more parts of the cluster, built at the first time
npm run lab -- release <tag>                  git push of the tag to the lab; streams the workflow
               [--from <checkout>] [--repository <owner/name>] [--var NAME=VALUE]…
npm run lab -- dispatch <workflow> [key=value…] [--ref <tag>] [--var NAME=VALUE]…
npm run lab -- cancel [run number]            as GitHub cancels: SIGINT, 7.5 s, SIGTERM, 2.5 s, kill
npm run lab -- traffic <rate>/s | off         users: this many requests per second to each service
npm run lab -- status                         what runs, and the last runs of workflows
npm run lab -- restart-node                   every container of the node ends, as at a reboot, and comes back
npm run lab -- logs [part | run number]       the log of a part, or of a run (the last one by default)
npm run lab -- down                           stops and removes everything but the cache`

/** Reads the words after `npm run lab --`. Throws with the usage for what it does not know. */
export function parseCommand(words: readonly string[]): Command {
  const { values, positionals } = read(words)
  const [name, ...rest] = values.help ? ['help'] : positionals
  const extra = extraNames.find((one) => one === name)
  if (extra !== undefined) return { kind: 'extra', name: extra }
  switch (name) {
    case undefined:
      return { kind: 'default' }
    case 'up':
    case 'down':
    case 'restart-node':
    case 'status':
    case 'help':
      return { kind: name }
    case 'logs':
      return { kind: 'logs', part: rest[0] ?? null }
    case 'traffic':
      return { kind: 'traffic', rate: rateOf(needed(rest[0], 'a rate')) }
    case 'cancel':
      return { kind: 'cancel', run: rest[0] === undefined ? null : Number(rest[0]) }
    case 'receive':
      return { kind: 'receive', repository: needed(rest[0], 'a repository') }
    case 'execute':
      return { kind: 'execute', run: Number(needed(rest[0], 'a run number')) }
    case 'release':
      return {
        kind: 'release',
        tag: needed(rest[0], 'a tag'),
        from: values.from ?? null,
        repository: values.repository ?? null,
        variables: pairs(values.var ?? []),
      }
    case 'dispatch':
      return {
        kind: 'dispatch',
        workflow: needed(rest[0], 'a workflow file'),
        ref: values.ref ?? null,
        inputs: pairs(rest.slice(1)),
        variables: pairs(values.var ?? []),
      }
    default:
      throw new Error(`command: got ${name}, expected one of\n${usage}`)
  }
}

const options = {
  from: { type: 'string' },
  ref: { type: 'string' },
  repository: { type: 'string' },
  var: { type: 'string', multiple: true },
  help: { type: 'boolean', default: false },
} as const

function read(words: readonly string[]) {
  try {
    return parseArgs({ args: [...words], options, allowPositionals: true })
  } catch (error) {
    throw new Error(`${error instanceof Error ? error.message : String(error)}\n${usage}`)
  }
}

function needed(word: string | undefined, what: string): string {
  if (word === undefined || word === '') throw new Error(`${what} is missing:\n${usage}`)
  return word
}

/** More than this is no light load for two cores. */
const highestRate = 200

function rateOf(word: string): number {
  if (word === 'off') return 0
  const rate = Number(/^(\d{1,3})(\/s)?$/.exec(word)?.[1] ?? NaN)
  if (rate >= 1 && rate <= highestRate) return rate
  throw new Error(
    `traffic: got ${word}, expected \`off\`, or \`1/s\` to \`${highestRate}/s\`, such as \`20/s\``,
  )
}

function pairs(words: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    words.map((word) => {
      const place = word.indexOf('=')
      if (place < 1) throw new Error(`key=value: got ${word}`)
      return [word.slice(0, place), word.slice(place + 1)]
    }),
  )
}
