import fc from 'fast-check'
import { longTexts, oddText } from './odd.ts'

interface Cut {
  readonly from: number
  readonly length: number
  readonly kind: 'drop' | 'repeat' | 'replace' | 'insert' | 'move' | 'cut-off' | 'crlf' | 'mark'
  readonly times: number
  readonly text: string
}

const mostCharacters = 200_000

/** Valid texts with parts dropped, repeated, replaced and moved, and soup of the format's own words. */
export function mutatedTexts(samples: readonly string[], words: readonly string[]): fc.Arbitrary<string> {
  const word = fc.constantFrom(...words, '\n', '\r', ' ', '\t')
  const piece = fc.oneof(
    { weight: 4, arbitrary: word },
    { weight: 3, arbitrary: oddText },
    { weight: 1, arbitrary: longTexts },
  )
  const cut: fc.Arbitrary<Cut> = fc.record({
    from: fc.nat(100_000),
    length: fc.nat(30),
    kind: fc.constantFrom(
      'drop',
      'repeat',
      'replace',
      'replace',
      'insert',
      'insert',
      'move',
      'cut-off',
      'crlf',
      'mark',
    ),
    times: fc.oneof({ weight: 9, arbitrary: fc.nat(5) }, { weight: 1, arbitrary: fc.nat(3000) }),
    text: piece,
  })
  const mutated = fc
    .tuple(fc.constantFrom(...samples), fc.array(cut, { maxLength: 5 }))
    .map(([sample, cuts]) => cuts.reduce(applied, sample))
  const soup = fc.array(piece, { maxLength: 30 }).map((parts) => parts.join('').slice(0, mostCharacters))
  const chain = fc
    .tuple(fc.array(word, { minLength: 1, maxLength: 4 }), fc.nat(3000), piece)
    .map(([parts, times, end]) => parts.join('').repeat(times) + end)
  return fc.oneof(
    { weight: 6, arbitrary: mutated },
    { weight: 3, arbitrary: soup },
    { weight: 1, arbitrary: chain },
  )
}

function applied(text: string, { from, length, kind, times, text: other }: Cut): string {
  const at = text.length === 0 ? 0 : from % text.length
  const [head, part, tail] = [text.slice(0, at), text.slice(at, at + length), text.slice(at + length)]
  const changed = {
    drop: () => head + tail,
    repeat: () => head + part.repeat(times) + tail,
    replace: () => head + other + tail,
    insert: () => head + other + part + tail,
    move: () => head + tail + part,
    'cut-off': () => head,
    crlf: () => text.replaceAll('\n', '\r\n'),
    mark: () => `\ufeff${text}`,
  }[kind]()
  return changed.slice(0, mostCharacters)
}
