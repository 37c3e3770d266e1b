// Foreign text against its parsers: whatever comes, a parser refuses it by type or reads it, in bounded time and memory.
import { createContext, Script } from 'node:vm'
import fc from 'fast-check'
import { Failure } from '@alt-las/failure'

/** One parser with the texts that it is tried on. */
export interface Target {
  readonly name: string
  property(): fc.IRawProperty<unknown>
}

export interface Tried<T> {
  readonly name: string
  readonly inputs: fc.Arbitrary<T>
  /** Returns for what it reads, and throws for what it refuses; an error of its own says that it read what it must not. */
  readonly read: (input: T) => unknown
  /** Some parsers throw a plain Error, and their caller adds the place. */
  readonly refusal?: 'failure' | 'error'
}

export interface Options {
  readonly runs: number
  readonly seed: number
  /** Of a failure before: plays that one alone. */
  readonly path?: string
  /** For all runs and for making the input that broke it smaller. */
  readonly limitMs: number
}

const mostCpuMs = 1000
const mostGrowthBytes = 64 * 1024 * 1024
/** Nothing else ends work without an end. By the wall, for a machine with much to do. */
const hangMs = 30_000

/** Throws at the first input that breaks it, in its smallest form, with seed and path to play it again. */
export async function play(target: Target, { runs, seed, path, limitMs }: Options): Promise<void> {
  const found = await fc.check(target.property(), {
    seed,
    numRuns: runs,
    interruptAfterTimeLimit: limitMs,
    markInterruptAsFailure: true,
    ...(path === undefined ? {} : { path, endOnFailure: true }),
  })
  if (!found.failed) return
  const { counterexample, counterexamplePath, errorInstance } = found
  const shown = fc.stringify(counterexample).slice(0, 3000)
  const why = errorInstance instanceof Error ? (errorInstance.stack ?? errorInstance.message) : errorInstance
  throw new Error(
    `${target.name} broke; --only '${target.name}' --seed ${seed} --path ${counterexamplePath}\n${shown}\n${why}`,
  )
}

export function tried<T>({ name, inputs, read, refusal = 'failure' }: Tried<T>): Target {
  return {
    name,
    property: () =>
      fc.property(inputs, (input) => {
        const once = () => measured(() => withinTime(() => read(input)), refusal)
        judge(once(), once)
      }) as fc.IRawProperty<unknown>,
  }
}

/** For what reads files or answers; a hang ends with the runner's own limit. */
export function triedAsync<T>({ name, inputs, read, refusal = 'failure' }: Tried<T>): Target {
  return {
    name,
    property: () =>
      fc.asyncProperty(inputs, async (input) => {
        const cost = costs()
        try {
          await read(input)
        } catch (error) {
          refusedOrThrow(error, refusal)
        }
        judge(cost(), null)
      }) as fc.IRawProperty<unknown>,
  }
}

interface Cost {
  readonly cpuMs: number
  readonly grownBytes: number
}

function measured(work: () => void, refusal: 'failure' | 'error'): Cost {
  const cost = costs()
  try {
    work()
  } catch (error) {
    refusedOrThrow(error, refusal)
  }
  return cost()
}

function costs(): () => Cost {
  const rss = process.memoryUsage.rss()
  const cpu = process.threadCpuUsage()
  return () => {
    const { user, system } = process.threadCpuUsage(cpu)
    return { cpuMs: (user + system) / 1000, grownBytes: process.memoryUsage.rss() - rss }
  }
}

/** Memory grows for other reasons too, and the first time costs more: what counts happens twice. */
function judge(first: Cost, again: (() => Cost) | null): void {
  if (first.cpuMs <= mostCpuMs && first.grownBytes <= mostGrowthBytes) return
  const { cpuMs, grownBytes } = again === null ? first : again()
  if (cpuMs > mostCpuMs) throw new Error(`it took ${cpuMs.toFixed(0)} ms, expected at most ${mostCpuMs}`)
  if (again !== null && grownBytes > mostGrowthBytes && first.grownBytes > mostGrowthBytes)
    throw new Error(`it took ${grownBytes} bytes, expected at most ${mostGrowthBytes}`)
}

function refusedOrThrow(error: unknown, refusal: 'failure' | 'error'): void {
  if (error instanceof Failure && error.fault !== 'ours' && error.code !== 'unexpected') return
  if (refusal === 'error' && error instanceof Error && error.name === 'Error' && !('code' in error)) return
  throw error
}

const context = createContext({ work: null })
const script = new Script('work()')

function withinTime(work: () => unknown): void {
  context['work'] = work
  script.runInContext(context, { timeout: hangMs })
}

/** What a parser has read is not what it may read. */
export class WrongAcceptance extends Error {
  override readonly name = 'WrongAcceptance'
}

export function must(holds: boolean, what: string): void {
  if (!holds) throw new WrongAcceptance(what)
}
