export type Command =
  | { readonly kind: 'default' | 'up' | 'down' | 'status' | 'help' }
  | { readonly kind: 'logs'; readonly part: string | null }
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
      readonly inputs: Readonly<Record<string, string>>
      readonly variables: Readonly<Record<string, string>>
    }

export const usage = `npm run lab                                   up if needed, then release v1.0.0
npm run lab -- up                             a real cluster, registry, gateway and runner on this machine
npm run lab -- release <tag>                  git push of the tag to the lab; streams the workflow
               [--from <checkout>] [--repository <owner/name>] [--var NAME=VALUE]…
npm run lab -- dispatch <workflow> [key=value…] [--var NAME=VALUE]…
npm run lab -- cancel [run number]            as GitHub cancels: SIGINT, 7.5 s, SIGTERM, 2.5 s, kill
npm run lab -- status                         what runs, and the last runs of workflows
npm run lab -- logs [part | run number]       the log of a part, or of a run (the last one by default)
npm run lab -- down                           stops and removes everything but the cache`

/** Reads the words after `npm run lab --`. Throws with the usage for what it does not know. */
export function parseCommand(words: readonly string[]): Command {
  const { plain, options } = split(words)
  const [name, ...rest] = plain
  switch (name) {
    case undefined:
      return { kind: 'default' }
    case 'up':
    case 'down':
    case 'status':
    case 'help':
      return { kind: name }
    case 'logs':
      return { kind: 'logs', part: rest[0] ?? null }
    case 'cancel':
      return { kind: 'cancel', run: rest[0] === undefined ? null : Number(rest[0]) }
    case 'receive':
      return { kind: 'receive', repository: needed(rest[0], 'a repository') }
    case 'execute':
      return { kind: 'execute', run: Number(needed(rest[0], 'a run number')) }
    case 'release': {
      const from = options.get('from')?.[0] ?? null
      const repository = options.get('repository')?.[0] ?? null
      return {
        kind: 'release',
        tag: needed(rest[0], 'a tag'),
        from,
        repository,
        variables: pairs(options.get('var') ?? []),
      }
    }
    case 'dispatch': {
      const workflow = needed(rest[0], 'a workflow file')
      return {
        kind: 'dispatch',
        workflow,
        inputs: pairs(rest.slice(1)),
        variables: pairs(options.get('var') ?? []),
      }
    }
    default:
      throw new Error(`command: got ${name}, expected one of\n${usage}`)
  }
}

const known = ['from', 'repository', 'var']

function split(words: readonly string[]): {
  readonly plain: readonly string[]
  readonly options: ReadonlyMap<string, readonly string[]>
} {
  const plain: string[] = []
  const options = new Map<string, readonly string[]>()
  for (let place = 0; place < words.length; place += 1) {
    const word = words[place] ?? ''
    if (!word.startsWith('--')) {
      plain.push(word)
      continue
    }
    const option = word.slice(2)
    if (option === 'help') return { plain: ['help'], options }
    if (!known.includes(option))
      throw new Error(`option: got ${word}, expected one of ${known.map((one) => `--${one}`).join(', ')}`)
    place += 1
    options.set(option, [...(options.get(option) ?? []), needed(words[place], `a value after ${word}`)])
  }
  return { plain, options }
}

function needed(word: string | undefined, what: string): string {
  if (word === undefined || word === '') throw new Error(`${what} is missing:\n${usage}`)
  return word
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
