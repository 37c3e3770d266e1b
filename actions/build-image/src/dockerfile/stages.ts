import type { Dockerfile, Instruction } from './dockerfile.ts'
import { platformArguments, type Platforms } from './platform.ts'
import { isUnknown, type Lookup, type Unknown, type Value } from './value.ts'
import { expand } from './words.ts'

/** One `FROM` and the instructions after it. */
export interface Stage {
  /** Lower case; null where the stage has no name. */
  readonly name: string | null
  /** The image, its variables filled in: `docker.io/library/node@sha256:…`, `scratch` or the name of a stage. */
  readonly base: string | Unknown
  /** The stage that this one continues; null where `base` is an image or unknown. */
  readonly parent: Stage | null
  /** The build context that stands in for the whole stage, null without one. */
  readonly context: string | null
  readonly from: Instruction
  /** Empty where a build context stands in for the stage. */
  readonly steps: readonly Step[]
  /** ENV and the environment of the base, at the end of the stage. */
  readonly environment: Variables
}

/** An instruction, its variables filled in where a rule looks. */
export interface Step {
  readonly instruction: Instruction
  /** Sources of its copies and mounts: names of stages or images. */
  readonly copiesFrom: readonly (string | Unknown)[]
  /** The sources of an ADD. */
  readonly adds: readonly (string | Unknown)[]
  /** The variables that an ENV or ARG sets. */
  readonly sets: readonly (readonly [string, Value])[]
}

interface Variables {
  readonly named: ReadonlyMap<string, Value>
  /** Every other name. */
  readonly other: Lookup
}

export interface StageOptions extends Platforms {
  /** Values of `build-args`. */
  readonly buildArgs: ReadonlyMap<string, string>
  /** Build contexts by name: they stand in for stages and images. */
  readonly contexts: ReadonlyMap<string, string>
  /** null: the last stage. */
  readonly target: string | null
}

/** The stages in order, with build arguments, platform and build contexts filled in. */
export function stagesOf({ instructions, escape }: Dockerfile, options: StageOptions): readonly Stage[] {
  const first = instructions.findIndex(({ name }) => name === 'FROM')
  if (first === -1) return []
  const globals = globalsOf(instructions.slice(0, first), escape, options)
  const stages: Stage[] = []
  for (const [from, ...rest] of groups(instructions.slice(first))) {
    if (from === undefined) continue
    const [image = '', as = '', named = ''] = from.rest.split(/\s+/)
    const name = as.toLowerCase() === 'as' && named !== '' ? named.toLowerCase() : null
    const base = expand(image, lookupIn(globals), escape)
    const parent = isUnknown(base)
      ? null
      : (stages.findLast((one) => one.name === base.toLowerCase()) ?? null)
    const context = name === null ? null : contextOf(options, name)
    const start = context === null ? startOf(base, parent) : fromBase
    const { steps, environment } = walk(context === null ? rest : [], { start, globals, escape, options })
    stages.push({ name, base, parent: context === null ? parent : null, context, from, steps, environment })
  }
  return stages
}

/** The build context that stands in for an image or stage of this name, null without one. */
export function contextOf({ contexts, platform }: StageOptions, name: string): string | null {
  const short = shortName(name)
  for (const [key, value] of contexts) {
    const [given = '', only] = key.split('::')
    if (shortName(given) === short && (only === undefined || only === platform)) return value
  }
  return null
}

/** The stage of this name or number; without a target the last one. null if no stage matches. */
export function findStage(stages: readonly Stage[], target: string | null): Stage | null {
  if (target === null) return stages.at(-1) ?? null
  const named = stages.findLast(({ name }) => name === target.toLowerCase())
  return named ?? (/^\d+$/.test(target) ? (stages[Number(target)] ?? null) : null)
}

/** The instructions that make the image of a stage: those of the stages beneath it first. */
export function lineage(stage: Stage): readonly Instruction[] {
  return [
    ...(stage.parent === null ? [] : lineage(stage.parent)),
    ...stage.steps.map((one) => one.instruction),
  ]
}

/** The stages that a build of `roots` runs: bases, copies and mounts. */
export function reachable(stages: readonly Stage[], roots: readonly Stage[]): readonly Stage[] {
  const found = new Set<Stage>()
  const left = [...roots]
  for (let stage = left.pop(); stage !== undefined; stage = left.pop()) {
    if (found.has(stage)) continue
    found.add(stage)
    if (stage.parent !== null) left.push(stage.parent)
    for (const name of stage.steps.flatMap((step) => step.copiesFrom)) {
      const other = isUnknown(name) || name === '' ? null : findStage(stages, name)
      if (other !== null) left.push(other)
    }
  }
  return stages.filter((stage) => found.has(stage))
}

function globalsOf(instructions: readonly Instruction[], escape: string, options: StageOptions): Variables {
  const preset = platformArguments(options, options.target)
  const start = new Map([...preset].map(([name, value]) => [name, options.buildArgs.get(name) ?? value]))
  const unset: Variables = { named: start, other: () => null }
  return walk(instructions, { start: unset, globals: unset, escape, options }).end
}

// A base image may set any variable; an empty base sets none.
const fromBase: Variables = {
  named: new Map(),
  other: (name) => ({ because: `${name} may come from the base image` }),
}

function startOf(base: string | Unknown, parent: Stage | null): Variables {
  if (parent !== null) return parent.environment
  return base === 'scratch' ? { named: new Map(), other: () => null } : fromBase
}

interface Walk {
  readonly start: Variables
  readonly globals: Variables
  readonly escape: string
  readonly options: StageOptions
}

// Arguments end with their stage, the environment goes on to the stages that continue it.
function walk(
  instructions: readonly Instruction[],
  { start, globals, escape, options }: Walk,
): { steps: readonly Step[]; end: Variables; environment: Variables } {
  const named = new Map(start.named)
  const environment = new Map(start.named)
  const lookup = lookupIn({ named, other: start.other })
  const steps = instructions.map((instruction): Step => {
    const isEnv = instruction.name === 'ENV'
    // All of one ENV see the values from before it.
    const assigned = instruction.assignments.map(([key, text]) => {
      const value = isEnv
        ? expand(text ?? '', lookup, escape)
        : argument(key, text, { lookup, globals, escape, options })
      if (!isEnv && value !== null) named.set(key, value)
      return [key, value] as const
    })
    for (const [key, value] of isEnv ? assigned : []) {
      named.set(key, value)
      environment.set(key, value)
    }
    return { ...sources(instruction, (text) => expand(text, lookup, escape)), instruction, sets: assigned }
  })
  return {
    steps,
    end: { named, other: start.other },
    environment: { named: environment, other: start.other },
  }
}

function sources(
  { name, flags, rest, exec }: Instruction,
  read: (text: string) => string | Unknown,
): Pick<Step, 'copiesFrom' | 'adds'> {
  const copied = flags.flatMap(([flag, value]) => {
    if (flag === 'from' && (name === 'COPY' || name === 'ADD')) return [value]
    const mounted = flag === 'mount' ? /(?:^|,)from=([^,]+)/.exec(value)?.[1] : undefined
    return mounted === undefined ? [] : [mounted]
  })
  const added = name === 'ADD' ? (exec ?? rest.split(/\s+/)).slice(0, -1) : []
  return { copiesFrom: copied.map(read), adds: added.map(read) }
}

function argument(
  key: string,
  text: string | null,
  { lookup, globals, escape, options }: Omit<Walk, 'start'> & { readonly lookup: Lookup },
): Value {
  const given = options.buildArgs.get(key)
  if (given !== undefined) return given
  return text === null ? lookupIn(globals)(key) : expand(text, lookup, escape)
}

function lookupIn({ named, other }: Variables): Lookup {
  return (name) => named.get(name) ?? (named.has(name) ? null : other(name))
}

// docker.io and `latest` are what a name without them means.
function shortName(name: string): string {
  return name
    .toLowerCase()
    .replace(/^(?:index\.)?docker\.io\/(?:library\/)?|^library\//, '')
    .replace(/:latest$/, '')
}

function groups(instructions: readonly Instruction[]): readonly (readonly Instruction[])[] {
  const found: Instruction[][] = []
  for (const instruction of instructions) {
    if (instruction.name === 'FROM') found.push([instruction])
    else found.at(-1)?.push(instruction)
  }
  return found
}
