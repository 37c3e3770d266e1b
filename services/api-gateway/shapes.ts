/** The part of JSON Schema (2020-12, as in OpenAPI 3.1) that the shapes below use. */
export interface Schema {
  readonly type: string | readonly string[]
  readonly format?: string
  readonly enum?: readonly string[]
  readonly minimum?: number
  readonly maximum?: number
  readonly minLength?: number
  readonly maxLength?: number
  readonly maxItems?: number
  readonly items?: Schema
  readonly required?: readonly string[]
  readonly properties?: Readonly<Record<string, Schema>>
}

const text: Schema = { type: 'string' }
const count: Schema = { type: 'integer', minimum: 0 }
const texts: Schema = { type: 'array', items: text }
const time: Schema = { type: 'string', format: 'date-time' }
const input: Schema = { type: 'string', minLength: 1, maxLength: 100_000 }

export const uuid: Schema = { type: 'string', format: 'uuid' }
export const limit: Schema = { type: 'integer', minimum: 1, maximum: 100 }

export const problem = whole({ title: text, status: { type: 'integer' }, detail: text })

const segment = whole({ index: count, start: count, end: count, text })
export const segmentsRequest = some(['text'], {
  text: input,
  max: { type: 'integer', minimum: 1, maximum: 10_000 },
})
export const segments = whole({ count, segments: { type: 'array', items: segment } })

const keyword = whole({ word: text, count, score: { type: 'number', minimum: 0, maximum: 1 } })
export const resultRequest = some(['text'], {
  text: input,
  sentences: { type: 'integer', minimum: 1, maximum: 20 },
})
export const result = whole({
  id: text,
  model: text,
  summary: text,
  keywords: { type: 'array', items: keyword },
  segments: count,
})

const tags: Schema = { type: 'array', maxItems: 20, items: { type: 'string', minLength: 1, maxLength: 50 } }
export const documentRequest = some(['title', 'text'], {
  title: { type: 'string', minLength: 1, maxLength: 200 },
  text: input,
  tags,
})
export const document = whole({ id: uuid, title: text, text, tags: texts, createdAt: time })
export const documents = whole({
  documents: { type: 'array', items: whole({ id: uuid, title: text, tags: texts, createdAt: time }) },
  next: { type: ['string', 'null'], format: 'uuid' },
})

export const jobRequest = some(['name', 'args'], { name: text, args: { type: 'object' } })
export const job = some(['id', 'name', 'status', 'createdAt'], {
  id: uuid,
  name: text,
  status: { type: 'string', enum: ['queued', 'running', 'succeeded', 'failed'] },
  createdAt: time,
  finishedAt: { type: ['string', 'null'], format: 'date-time' },
  result: { type: ['object', 'null'] },
  error: { type: ['string', 'null'] },
})
export const jobs = whole({ jobs: { type: 'array', items: job } })

export const health = whole({ healthy: { type: 'boolean' } })
export const readiness = whole({ ready: { type: 'boolean' }, missing: texts })
export const version = whole({
  service: text,
  version: text,
  revision: text,
  imageDigest: { type: ['string', 'null'] },
})

/** An object of which every property is always there. */
function whole(properties: Readonly<Record<string, Schema>>): Schema {
  return some(Object.keys(properties), properties)
}

function some(required: readonly string[], properties: Readonly<Record<string, Schema>>): Schema {
  return { type: 'object', required, properties }
}
