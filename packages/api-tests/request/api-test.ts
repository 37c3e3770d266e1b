import type { Form } from './form-body.ts'
import type { Schema } from '../schema/schema.ts'

export interface ApiRequest {
  readonly method: string
  /** Begins with `/`; relative to the base URL that the tests run against. */
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | null
  /** Becomes the body when its variables are filled in; `body` is null until then. */
  readonly form?: Form
  /** Absent: a redirect is the answer. */
  readonly redirects?: 'follow'
}

/** A mapping is a JSON schema that the value must meet; anything else must be equal to the value. */
export type Expected = Schema | string | number | bigint | null | readonly unknown[]

export interface Expectation {
  /** `200` or `2xx`; one of them must hold. */
  readonly status: readonly string[]
  readonly headers: Readonly<Record<string, Expected>>
  /** By JSON path. */
  readonly json: Readonly<Record<string, Expected>>
  readonly schema: Schema | null
  readonly latencyMs: number | null
}

export interface ApiTest {
  readonly name: string
  readonly request: ApiRequest
  readonly expect: Expectation
  /** Variable name to a place in the answer: a JSON path, `header NAME` or `cookie NAME`. */
  readonly capture: Readonly<Record<string, string>>
  /** The request is repeated until the expectation holds, at most for so long; 0 = once. */
  readonly eventuallyMs: number
  /** Share of the load that this request gets; 0 = none. */
  readonly loadWeight: number
}
