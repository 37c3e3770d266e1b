import { threadCpuUsage } from 'node:process'
import { createContext, Script } from 'node:vm'
import { Failure } from '@alt-las/failure'

/** Far more than regular text of a few megabytes needs. */
const limitMs = 10_000
/** A machine with much to do can leave the work no time of its own: then it is begun again, with four times the limit. */
const mostTries = 3

// One for all work: a new one takes longer than most texts, and each run names its own work.
const context = createContext({ work: null })
const script = new Script('work()')

/**
 * Synchronous work on foreign text, which may be stopped and begun again. YAML, a schema or a pattern can be crafted so that reading takes for ever, and
 * no timer interrupts synchronous work; a limit of node:vm does. `tries`: 1 where the limit also
 * bounds memory. Throws Failure `too-slow`.
 */
export function inTime<T>(what: string, work: () => T, timeoutMs = limitMs, tries = mostTries): T {
  for (let attempt = 1; ; attempt += 1) {
    const begun = threadCpuUsage()
    try {
      context['work'] = work
      return script.runInContext(context, { timeout: timeoutMs * 4 ** (attempt - 1) }) as T
    } catch (error) {
      const { code } = error as { readonly code?: unknown }
      if (code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw error
      const { user, system } = threadCpuUsage(begun)
      if ((user + system) / 1000 < timeoutMs / 2 && attempt < tries) continue
      throw new Failure('too-slow', `${what} took more than ${timeoutMs} ms and was stopped`, {
        fault: 'outside',
        hint: 'look for patterns with a lookaround or a backreference, or for deeply nested YAML',
      })
    } finally {
      // It holds the text.
      context['work'] = null
    }
  }
}
