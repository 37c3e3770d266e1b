import { readObject } from '../http/body.ts'
import { checked } from '../http/fields.ts'
import { json, problem, type Reply } from '../http/reply.ts'
import type { Log } from '../http/log.ts'
import type { Call, Route } from '../http/route.ts'
import type { Documents } from './documents.ts'

/**
 * `POST /documents`, `GET /documents?limit=&before=`, `GET /documents/:id`. A store out of reach is a 503; what it said goes to
 * the log alone, since callers can do nothing with it but wait.
 */
export function archive(documents: Documents, log: Log): readonly Route[] {
  const route = (method: 'GET' | 'POST', path: string, act: Act): Route => ({
    method,
    path,
    handle: (call) =>
      act(call, documents).catch((cause: unknown) => {
        if (call.signal.aborted) throw cause
        log.error('the store failed', { requestId: call.requestId, error: String(cause) })
        return problem(503, 'the archive does not reach its store just now', { 'retry-after': '1' })
      }),
  })
  return [
    route('POST', '/documents', store),
    route('GET', '/documents', list),
    route('GET', '/documents/:id', read),
  ]
}

type Act = (call: Call, documents: Documents) => Promise<Reply>

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

async function store(call: Call, documents: Documents): Promise<Reply> {
  const body = await readObject(call.message)
  if (body.kind === 'refused') return body.reply
  const draft = checked(body.fields, (fields) => ({
    title: fields.text('title', { max: 200 }),
    text: fields.text('text', { max: 100_000 }),
    tags: fields.texts('tags', { max: 20, each: 50 }),
  }))
  if (draft.kind === 'refused') return draft.reply
  const document = await documents.add(draft.value)
  return json(201, document, { location: `/documents/${document.id}` })
}

async function list({ query }: Call, documents: Documents): Promise<Reply> {
  const limit = query.get('limit') ?? '20'
  const before = query.get('before')
  const faults = [
    /^\d{1,3}$/.test(limit) && Number(limit) >= 1 && Number(limit) <= 100
      ? null
      : `limit: got ${JSON.stringify(limit)}, expected a whole number from 1 to 100`,
    before === null || uuid.test(before)
      ? null
      : `before: got ${JSON.stringify(before)}, expected a document's id`,
  ].filter((fault) => fault !== null)
  if (faults.length > 0) return problem(400, faults.join('; '))
  const found = await documents.list(Number(limit), before)
  const next = found.length === Number(limit) ? (found.at(-1)?.id ?? null) : null
  return json(200, { documents: found, next })
}

async function read({ params }: Call, documents: Documents): Promise<Reply> {
  const id = params['id'] ?? ''
  if (!uuid.test(id)) return problem(404, `document ${id}: there is none, an id is a UUID`)
  const document = await documents.find(id)
  return document === null ? problem(404, `document ${id}: there is none`) : json(200, document)
}
