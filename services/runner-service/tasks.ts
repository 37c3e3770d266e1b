import { createHash } from 'node:crypto'
import { setImmediate as breathe } from 'node:timers/promises'
import type { Args, Task } from './jobs.ts'

/** What can be asked for by name. */
export const tasks: Readonly<Record<string, Task>> = {
  checksum: {
    check: (args) => textFault(args) ?? algorithmFault(args),
    run: async ({ text, algorithm = 'sha256' }) => ({
      algorithm,
      checksum: createHash(String(algorithm)).update(String(text)).digest('hex'),
    }),
  },
  'word-count': {
    check: textFault,
    run: async ({ text }) => ({
      characters: [...String(text)].length,
      words: String(text).match(/[\p{L}\p{N}]+/gu)?.length ?? 0,
      lines: String(text).split('\n').length,
    }),
  },
  primes: {
    check: ({ below }) =>
      Number.isInteger(below) && Number(below) >= 2 && Number(below) <= 5_000_000
        ? null
        : `args.below: got ${JSON.stringify(below) ?? 'nothing'}, expected a whole number from 2 to 5000000`,
    run: ({ below }) => primes(Number(below)),
  },
}

const algorithms = ['sha256', 'sha384', 'sha512']

function textFault({ text }: Args): string | null {
  if (typeof text === 'string' && text.length <= 1_000_000) return null
  return `args.text: got ${text === undefined ? 'nothing' : typeof text}, expected a text of at most 1000000 characters`
}

function algorithmFault({ algorithm }: Args): string | null {
  if (algorithm === undefined || algorithms.includes(String(algorithm))) return null
  return `args.algorithm: got ${JSON.stringify(algorithm)}, expected ${algorithms.join(', ')}`
}

// A sieve that lets the event loop through now and then: probes are answered while it works.
async function primes(below: number): Promise<Readonly<Record<string, unknown>>> {
  const composite = new Uint8Array(below)
  let count = 0
  let largest = 0
  for (let candidate = 2; candidate < below; candidate += 1) {
    if (candidate % 100_000 === 0) await breathe()
    if (composite[candidate] === 1) continue
    count += 1
    largest = candidate
    for (let multiple = candidate * candidate; multiple < below; multiple += candidate)
      composite[multiple] = 1
  }
  return { below, count, largest }
}
