import { runInNewContext } from 'node:vm'
import { Failure } from '@alt-las/failure'

/** Far more than regular text of a few megabytes needs, also on a busy machine. */
const limitMs = 10_000

/**
 * Synchronous work on foreign text. YAML, a schema or a pattern can be crafted so that reading takes for ever, and no timer
 * interrupts synchronous work; a limit of node:vm does. Throws Failure `too-slow`.
 */
export function inTime<T>(what: string, work: () => T, timeoutMs = limitMs): T {
  try {
    return runInNewContext('work()', { work }, { timeout: timeoutMs }) as T
  } catch (error) {
    const { code } = error as { readonly code?: unknown }
    if (code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw error
    throw new Failure('too-slow', `${what} took more than ${timeoutMs} ms and was stopped`, {
      fault: 'outside',
      hint: 'look for patterns with a lookaround or a backreference, or for deeply nested YAML',
    })
  }
}
