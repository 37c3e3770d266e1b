import type { OutcomeDocument } from '@alt-las/outcome'

/** The digest that a step worked on; null where its document names none. */
export function digestOf({ subject }: OutcomeDocument): string | null {
  return subject.digest ?? /sha256:[0-9a-f]{64}$/.exec(subject.image ?? '')?.[0] ?? null
}

/** Shortens digests for reading; the documents have them whole. */
export function shortened(text: string): string {
  return text.replaceAll(/sha256:([0-9a-f]{12})[0-9a-f]{52}/g, 'sha256:$1…')
}
