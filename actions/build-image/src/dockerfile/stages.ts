import { splitWords, type Instruction } from './dockerfile.ts'

/** One `FROM` and what follows it. */
export interface Stage {
  /** Lower case; null where the stage has no name. */
  readonly name: string | null
  /** The image, its variables filled in: `docker.io/library/node@sha256:…`, `scratch` or the name of a stage. */
  readonly base: string
  /** The stage that this one goes on from; null where `base` is an image. */
  readonly parent: Stage | null
  readonly from: Instruction
  readonly instructions: readonly Instruction[]
  /** Values of the variables at the end of the stage. */
  readonly variables: Variables
}

export type Variables = ReadonlyMap<string, string>

/** The stages in order, with the build arguments filled in. */
export function stagesOf(instructions: readonly Instruction[], buildArgs: Variables): readonly Stage[] {
  const first = instructions.findIndex(({ name }) => name === 'FROM')
  if (first === -1) return []
  const globals = assign(new Map(), instructions.slice(0, first), buildArgs, new Map())
  const stages: Stage[] = []
  for (const group of groups(instructions.slice(first))) {
    const [from, ...rest] = group
    if (from === undefined) continue
    const [image = '', as, name] = splitWords(from.rest)
    const base = substitute(image, globals)
    const parent = stages.findLast((stage) => stage.name === base.toLowerCase()) ?? null
    stages.push({
      name: as?.toLowerCase() === 'as' ? (name ?? '').toLowerCase() : null,
      base,
      parent,
      from,
      instructions: rest,
      variables: assign(environmentOf(parent), rest, buildArgs, globals),
    })
  }
  return stages
}

/** The named stage, by name or number, or the last one for ''; null where there is none of that name. */
export function findStage(stages: readonly Stage[], target: string): Stage | null {
  if (target === '') return stages.at(-1) ?? null
  const named = stages.find(({ name }) => name === target.toLowerCase())
  return named ?? (/^\d+$/.test(target) ? (stages[Number(target)] ?? null) : null)
}

/** The instructions that make the image of a stage: those of the stages beneath it first. */
export function lineage(stage: Stage): readonly Instruction[] {
  return [...(stage.parent === null ? [] : lineage(stage.parent)), ...stage.instructions]
}

/** The stages that a build of `roots` runs: what they go on from, copy from and mount. */
export function reachable(stages: readonly Stage[], roots: readonly Stage[]): readonly Stage[] {
  const found = new Set<Stage>()
  const visit = (stage: Stage) => {
    if (found.has(stage)) return
    found.add(stage)
    if (stage.parent !== null) visit(stage.parent)
    for (const source of sourcesOf(stage)) {
      const other = findStage(stages, source.name)
      if (source.name !== '' && other !== null) visit(other)
    }
  }
  roots.forEach(visit)
  return stages.filter((stage) => found.has(stage))
}

/** What a stage copies or mounts from: names of stages or images. */
export function sourcesOf(stage: Stage): readonly { readonly name: string; readonly line: number }[] {
  return stage.instructions.flatMap(({ name, flags, line }) =>
    flags.flatMap(([flag, value]) => {
      if (flag === 'from' && (name === 'COPY' || name === 'ADD'))
        return [{ name: substitute(value, stage.variables), line }]
      const mounted = flag === 'mount' ? /(?:^|,)from=([^,]+)/.exec(value)?.[1] : undefined
      return mounted === undefined ? [] : [{ name: substitute(mounted, stage.variables), line }]
    }),
  )
}

/** `$NAME`, `${NAME}`, `${NAME:-default}`, `${NAME:+other}`; an unknown variable is empty, as in a build. */
export function substitute(text: string, variables: Variables): string {
  return text.replace(
    /\\\$|\$(?:(\w+)|\{(\w+)(?:(:?[-+])([^}]*))?\})/g,
    (all, bare?: string, braced?: string, operator?: string, word = '') => {
      if (all === '\\$') return '$'
      const value = variables.get(bare ?? braced ?? '')
      const isSet = value !== undefined && (value !== '' || operator?.startsWith(':') !== true)
      if (operator?.endsWith('-') === true) return isSet ? value : substitute(word, variables)
      if (operator?.endsWith('+') === true) return isSet ? substitute(word, variables) : ''
      return value ?? ''
    },
  )
}

/** `ENV` and `ARG` as name and value; value null for a bare `ARG NAME`. */
export function assignments({ name, rest }: Instruction): readonly (readonly [string, string | null])[] {
  const words = splitWords(rest)
  const [key = '', ...others] = words
  if (name === 'ENV' && !key.includes('=')) return [[key, others.join(' ')]]
  return words.map((word) => {
    const at = word.indexOf('=')
    return at === -1 ? [word, null] : [word.slice(0, at), word.slice(at + 1)]
  })
}

function assign(
  start: Variables,
  instructions: readonly Instruction[],
  buildArgs: Variables,
  globals: Variables,
): Variables {
  const variables = new Map(start)
  const environment = new Set(start.keys())
  for (const instruction of instructions) {
    if (instruction.name !== 'ARG' && instruction.name !== 'ENV') continue
    for (const [key, value] of assignments(instruction)) {
      // An ENV of the same name always wins over an ARG.
      if (instruction.name === 'ARG' && environment.has(key)) continue
      const given =
        instruction.name === 'ARG'
          ? (buildArgs.get(key) ?? (value === null ? globals.get(key) : undefined))
          : undefined
      const result = given ?? (value === null ? undefined : substitute(value, variables))
      if (result !== undefined) variables.set(key, result)
      if (instruction.name === 'ENV') environment.add(key)
    }
  }
  return variables
}

// Arguments end with their stage, the environment goes on.
function environmentOf(parent: Stage | null): Variables {
  if (parent === null) return new Map()
  const names = new Set(
    lineage(parent)
      .filter(({ name }) => name === 'ENV')
      .flatMap((one) => assignments(one).map(([key]) => key)),
  )
  return new Map([...parent.variables].filter(([key]) => names.has(key)))
}

function groups(instructions: readonly Instruction[]): readonly (readonly Instruction[])[] {
  const found: Instruction[][] = []
  for (const instruction of instructions) {
    if (instruction.name === 'FROM') found.push([instruction])
    else found.at(-1)?.push(instruction)
  }
  return found
}
