import type { LooseDocument } from './entry.ts'

/*
 * Evidence is read with suspicion: it was written by another version of another action, or by hand. What is not there is null, and nothing
 * here throws.
 */
export type Facts = Readonly<Record<string, unknown>>

export function record(value: unknown): Facts {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Facts) : {}
}

export function rows(value: unknown): readonly Facts[] {
  return Array.isArray(value) ? value.map(record) : []
}

export function number(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null
}

export function text(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null
}

/** The digest that a document worked on, wherever it says so. */
export function digestOf({ subject, evidence }: LooseDocument): string | null {
  const places = [subject.digest, subject.image, evidence['digest'], evidence['image']]
  for (const place of places) {
    const found = /sha256:[0-9a-f]{64}$/.exec(text(place) ?? '')
    if (found !== null) return found[0]
  }
  return null
}

/** Digests cut to what a person compares; the whole ones are in the documents. */
export function shortened(text: string): string {
  return text.replaceAll(/sha256:([0-9a-f]{12})[0-9a-f]{52}/g, 'sha256:$1…')
}

/** Milliseconds since 1970; null where the document does not say. */
export function spanOf({
  startedAt,
  finishedAt,
}: LooseDocument): { readonly from: number; readonly to: number } | null {
  const from = Date.parse(startedAt)
  const to = Date.parse(finishedAt)
  return Number.isNaN(from) || Number.isNaN(to) ? null : { from, to: Math.max(from, to) }
}
