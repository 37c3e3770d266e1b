/** A piece of a text: `text` is the text's slice from `start` to `end`, counted in UTF-16 code units. */
export interface Segment {
  readonly index: number
  readonly start: number
  readonly end: number
  readonly text: string
}

/**
 * Splits a text into sentences without the blanks around them. A sentence longer than `max` code units is cut at the last
 * word boundary that fits, and a word that is longer still between two characters; only a single character (an emoji with
 * its modifiers, say) that alone exceeds `max` is kept whole. Nothing but blanks is lost.
 */
export function segments(text: string, max: number): readonly Segment[] {
  return sentences(text)
    .flatMap((span) => cut(text, span, max))
    .map((span) => trimmed(text, span))
    .filter(({ start, end }) => end > start)
    .map(({ start, end }, index) => ({ index, start, end, text: text.slice(start, end) }))
}

interface Span {
  readonly start: number
  readonly end: number
}

function sentences(text: string): readonly Span[] {
  return pieces('sentence', text, { start: 0, end: text.length }).map((span) => trimmed(text, span))
}

function cut(text: string, sentence: Span, max: number): readonly Span[] {
  if (sentence.end - sentence.start <= max) return [sentence]
  const words = pieces('word', text, sentence).flatMap((word) =>
    word.end - word.start <= max ? [word] : packed(pieces('grapheme', text, word), max),
  )
  return packed(words, max)
}

// Neighbours are joined for as long as they fit together.
function packed(spans: readonly Span[], max: number): readonly Span[] {
  const lines: Span[] = []
  for (const span of spans) {
    const last = lines.at(-1)
    if (last !== undefined && span.end - last.start <= max)
      lines[lines.length - 1] = { start: last.start, end: span.end }
    else lines.push(span)
  }
  return lines
}

function pieces(
  granularity: 'sentence' | 'word' | 'grapheme',
  text: string,
  { start, end }: Span,
): readonly Span[] {
  // One fixed locale: the same text gives the same segments wherever it runs.
  const segmenter = new Intl.Segmenter('en', { granularity })
  return [...segmenter.segment(text.slice(start, end))].map(({ index, segment }) => ({
    start: start + index,
    end: start + index + segment.length,
  }))
}

function trimmed(text: string, { start, end }: Span): Span {
  const slice = text.slice(start, end)
  const from = start + slice.length - slice.trimStart().length
  return { start: from, end: Math.max(from, from + slice.trim().length) }
}
