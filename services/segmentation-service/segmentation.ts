import { readObject } from '../http/body.ts'
import { checked } from '../http/fields.ts'
import { json, type Reply } from '../http/reply.ts'
import type { Call, Route } from '../http/route.ts'
import { segments } from './segments.ts'

/** `POST /segments {text, max?}`: the segments of a text, none longer than `max` (1000). */
export function segmentation(): readonly Route[] {
  return [{ method: 'POST', path: '/segments', handle: split }]
}

async function split(call: Call): Promise<Reply> {
  const body = await readObject(call.message)
  if (body.kind === 'refused') return body.reply
  const asked = checked(body.fields, (fields) => ({
    text: fields.text('text', { max: 100_000 }),
    max: fields.whole('max', { min: 1, max: 10_000, fallback: 1000 }),
  }))
  if (asked.kind === 'refused') return asked.reply
  const found = segments(asked.value.text, asked.value.max)
  return json(200, { count: found.length, segments: found })
}
