import { createHash } from 'node:crypto'
import { readObject } from '../http/body.ts'
import { checked } from '../http/fields.ts'
import { json, problem, type Reply } from '../http/reply.ts'
import type { Call, Route } from '../http/route.ts'
import { keywords } from './keywords.ts'
import type { AskSegmentation } from './segmentation.ts'
import { summary } from './summary.ts'

export interface Chain {
  readonly split: AskSegmentation
  /** Told when segmentation failed a call, so that readiness asks for it again. */
  readonly doubt: () => void
}

/** `POST /results {text, sentences?}`: segments the text, scores its keywords, extracts a summary. No state is kept. */
export function orchestrator(chain: Chain): readonly Route[] {
  return [{ method: 'POST', path: '/results', handle: (call) => produce(call, chain) }]
}

async function produce(call: Call, { split, doubt }: Chain): Promise<Reply> {
  const body = await readObject(call.message)
  if (body.kind === 'refused') return body.reply
  const asked = checked(body.fields, (fields) => ({
    text: fields.text('text', { max: 100_000 }),
    sentences: fields.whole('sentences', { min: 1, max: 20, fallback: 3 }),
  }))
  if (asked.kind === 'refused') return asked.reply
  const { text, sentences } = asked.value
  const found = await split(text, call.requestId)
  if (found.kind !== 'split') {
    doubt()
    return problem(found.kind === 'late' ? 504 : 502, found.because)
  }
  const parts = found.segments.map((segment) => segment.text)
  const scored = keywords(parts)
  return json(200, {
    id: idOf(text, sentences),
    model: 'extractive-1',
    summary: summary(parts, scored, sentences),
    keywords: scored.slice(0, 10),
    segments: parts.length,
  })
}

// The same question has the same id: callers can recognise a repeated result.
function idOf(text: string, sentences: number): string {
  return createHash('sha256').update(`extractive-1\n${sentences}\n${text}`).digest('hex').slice(0, 32)
}
