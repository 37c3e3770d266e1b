import { words, type Keyword } from './keywords.ts'

/**
 * The `count` parts that say most, in the order of the text, joined by blanks. A part's weight is the mean score of its
 * words, so that long parts do not win by length; of equal ones the earlier wins.
 */
export function summary(parts: readonly string[], scored: readonly Keyword[], count: number): string {
  const scores = new Map(scored.map(({ word, score }) => [word, score]))
  return parts
    .map((text, index) => ({ text, index, weight: weight(text, scores) }))
    .sort((a, b) => b.weight - a.weight || a.index - b.index)
    .slice(0, count)
    .sort((a, b) => a.index - b.index)
    .map(({ text }) => text)
    .join(' ')
}

function weight(text: string, scores: ReadonlyMap<string, number>): number {
  const found = words(text)
  if (found.length === 0) return 0
  return found.reduce((sum, word) => sum + (scores.get(word) ?? 0), 0) / found.length
}
