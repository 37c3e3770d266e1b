import type { Expectation, Expected } from '../request/api-test.ts'
import { canonical, writeExact } from '../exact/exact-json.ts'
import type { Reply } from '../send/http.ts'
import { headerOf } from './capture.ts'
import { at } from './json-path.ts'
import { json } from './read-json.ts'
import { validatorOf } from '../schema/schema.ts'

/** Every difference between the answer and the expectation; none = it holds. */
export function problemsOf(reply: Reply, expectation: Expectation): readonly string[] {
  const wrongStatus = expectation.status.some((pattern) => matches(pattern, reply.status))
    ? []
    : [`status is ${reply.status}, expected ${expectation.status.join(' or ')}${excerpt(reply)}`]
  const slow =
    expectation.latencyMs !== null && reply.ms > expectation.latencyMs
      ? [`it took ${reply.ms.toFixed(0)} ms, expected at most ${expectation.latencyMs} ms`]
      : []
  const headers = Object.entries(expectation.headers).flatMap(([name, expected]) =>
    compare(`header ${name.toLowerCase()}`, headerOf(reply, name.toLowerCase()), expected),
  )
  return [...wrongStatus, ...slow, ...headers, ...bodyProblems(reply, expectation)]
}

export function matches(pattern: string, status: number): boolean {
  return pattern.endsWith('xx') ? pattern.charAt(0) === String(status).charAt(0) : pattern === String(status)
}

function bodyProblems(reply: Reply, expectation: Expectation): readonly string[] {
  const paths = Object.entries(expectation.json)
  if (paths.length === 0 && expectation.schema === null) return []
  const body = json(reply)
  if (body.kind === 'none') return [`the body ${body.because}${excerpt(reply)}`]
  const wrong = expectation.schema === null ? null : validatorOf(expectation.schema)(body.value)
  return [
    ...paths.flatMap(([path, expected]) => compare(path, at(body.value, path), expected)),
    ...(wrong === null ? [] : [`the body does not meet its schema: ${wrong}`]),
  ]
}

function compare(what: string, value: unknown, expected: Expected): readonly string[] {
  if (value === undefined) return [`${what} is missing`]
  if (typeof expected === 'object' && expected !== null && !Array.isArray(expected)) {
    const wrong = validatorOf(expected as Readonly<Record<string, unknown>>)(value)
    return wrong === null ? [] : [`${what} is ${short(value)}: ${wrong.replace(/^\$ /, 'it ')}`]
  }
  const isEqual = value === expected || canonical(value) === canonical(expected)
  return isEqual ? [] : [`${what} is ${short(value)}, expected ${short(expected)}`]
}

function short(value: unknown): string {
  const text = writeExact(value)
  return text.length > 120 ? `${text.slice(0, 117)}...` : text
}

function excerpt(reply: Reply): string {
  const text = reply.body.replace(/\s+/g, ' ').trim()
  return text === '' ? '' : `: ${text.length > 160 ? `${text.slice(0, 157)}...` : text}`
}
