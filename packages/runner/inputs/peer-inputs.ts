import { BadInputs, badInputs, type Read } from './collect.ts'

/** Inputs of other actions by their names, each with the remedy: a runner only warns of an input that action.yml does not have. */
export type PeerInputs = Readonly<Record<string, string>>

/**
 * Parses, and refuses inputs that belong to a peer. A migrator's `severity: CRITICAL` would silently become our default otherwise. Throws
 * one BadInputs with these problems and those of the inputs that are ours.
 */
export function parseOwn<I>(read: Read, parse: (read: Read) => I, peers: PeerInputs): I {
  const foreign = Object.entries(peers).flatMap(([name, remedy]) => {
    const given = read(name).trim()
    return given === '' ? [] : [`${name}: got ${shown(given)}, but there is no such input; ${remedy}`]
  })
  if (foreign.length === 0) return parse(read)
  throw badInputs([...foreign, ...problemsOf(read, parse)])
}

const mostShown = 60

function shown(text: string): string {
  return JSON.stringify(text.length > mostShown ? `${text.slice(0, mostShown)}…` : text)
}

function problemsOf(read: Read, parse: (read: Read) => unknown): readonly string[] {
  try {
    parse(read)
    return []
  } catch (error) {
    if (error instanceof BadInputs) return error.problems
    throw error
  }
}
