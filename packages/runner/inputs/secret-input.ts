import type { Read } from './collect.ts'

/** An input whose value is masked before anything is parsed or printed; `valuesIn` finds more texts to mask in it, and never throws. */
export type SecretInput =
  string | { readonly name: string; readonly valuesIn: (raw: string) => readonly string[] }

export function secretsIn(read: Read, inputs: readonly SecretInput[]): readonly string[] {
  return inputs.flatMap((input) => {
    if (typeof input === 'string') return [read(input)]
    return input.valuesIn(read(input.name))
  })
}
