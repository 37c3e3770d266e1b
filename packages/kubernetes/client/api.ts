import { Failure, errorCode } from '@alt-las/failure'
import { type Attempt, type Clock, isTransient, retry } from '@alt-las/time'
import type { At, Limit } from '../types/cluster.ts'
import { isUnanswered } from './compare-and-swap.ts'
import type { Answer, Ask, Connection } from './connection.ts'
import { fromJson } from './exact-json.ts'
import { groupPath, parseResources, pathOf, type Resource } from './paths.ts'
import { mayHeal, pauseOf, refusal } from './refusal.ts'

/** Requests with retries, and where each kind lives. */
export interface Api {
  /**
   * Any answer below 500 other than 408, 425 and 429 is final. A request without an answer is tried again only if `repeatable`: a write that
   * may have been done must be checked by its caller.
   */
  ask(
    request: Ask,
    options: {
      readonly what: string
      readonly repeatable: boolean
      readonly attempts?: number
      readonly limit?: Limit | undefined
    },
  ): Promise<Answer>
  /** The resource of a kind. Failure `not-found` if the cluster does not have it. */
  resource(at: Pick<At, 'apiVersion' | 'kind'>): Promise<Resource>
  path(at: At): Promise<string>
}

/** `random` in [0, 1): for the jitter of pauses; default Math.random. */
export function createApi(wire: Connection, clock: Clock, random?: () => number): Api {
  const ask: Api['ask'] = (request, { what, repeatable, attempts = 5, limit }) => {
    let last: Answer | null = null
    const once = async (): Promise<Answer> => {
      last = null
      last = await wire.ask(limited(request, what, limit))
      if (mayHeal(last)) throw refusal(last, what)
      return last
    }
    const options = {
      what,
      attempts,
      deadlineMs: 60_000,
      classify: (error: unknown) => classify(error, last, repeatable),
      ...(random === undefined ? {} : { random }),
    }
    return retry(once, options, clock)
  }
  const known = new Map<string, readonly Resource[]>()
  const resources = async (apiVersion: string, fresh: boolean): Promise<readonly Resource[]> => {
    const cached = known.get(apiVersion)
    if (cached !== undefined && !fresh) return cached
    const what = `list the kinds of ${apiVersion}`
    const answer = await ask({ method: 'GET', path: groupPath(apiVersion) }, { what, repeatable: true })
    if (answer.status !== 200 && answer.status !== 404) throw refusal(answer, what)
    const found = answer.status === 404 ? [] : parseResources(answer.text)
    known.set(apiVersion, found)
    return found
  }
  const resource: Api['resource'] = async (at) => {
    const find = (list: readonly Resource[]) => list.find(({ kind }) => kind === at.kind)
    // A definition may have been installed since.
    const found = find(await resources(at.apiVersion, false)) ?? find(await resources(at.apiVersion, true))
    if (found === undefined) throw unknownKind(at)
    return found
  }
  return { ask, resource, path: async (at) => pathOf(at, await resource(at)) }
}

/** A write must not be sent after the lease may have been taken over. */
function limited(request: Ask, what: string, limit: Limit | undefined): Ask {
  if (limit === undefined) return request
  const left = limit.leftMs()
  if (left <= 0)
    throw new Failure('too-late', `cannot ${what}: the lease may have expired`, {
      fault: 'outside',
    })
  return { ...request, timeoutMs: Math.min(request.timeoutMs ?? 15_000, Math.ceil(left)) }
}

function classify(error: unknown, answer: Answer | null, repeatable: boolean): Attempt {
  if (answer !== null) {
    const afterMs = pauseOf(answer)
    // 429, and 503 with a pause, were never begun; the rest may have been done.
    const untouched = answer.status === 429 || (answer.status === 503 && afterMs !== undefined)
    return { isTransient: repeatable || untouched, ...(afterMs === undefined ? {} : { afterMs }) }
  }
  return { isTransient: isUnanswered(error) && isTransient(error) && (repeatable || neverSent(error)) }
}

function neverSent({ cause }: Failure): boolean {
  return ['http-refused', 'http-dns'].includes(errorCode(cause) ?? '')
}

const unknownKind = ({ kind, apiVersion }: Pick<At, 'apiVersion' | 'kind'>) =>
  new Failure('not-found', `the cluster has no kind ${kind} of ${apiVersion}`, {
    fault: 'input',
    hint: 'install its CustomResourceDefinition, or correct apiVersion and kind',
  })

/** The object of a 2xx answer; throws a Failure for any other status. */
export function accepted(answer: Answer, what: string): unknown {
  if (answer.status < 200 || answer.status > 299) throw refusal(answer, what)
  return parseJson(answer.text, what)
}

/** Throws Failure `kubernetes` if a proxy or a broken server answers without JSON. */
export function parseJson(text: string, what: string): unknown {
  try {
    return fromJson(text)
  } catch {
    const start = JSON.stringify(text.slice(0, 80))
    throw new Failure('kubernetes', `cannot ${what}: got ${start}, expected JSON`, { fault: 'outside' })
  }
}
