export interface Keyword {
  readonly word: string
  readonly count: number
  /** 0 to 1: the share of the most frequent word's count. */
  readonly score: number
}

/** The words of the parts that carry meaning, the most frequent first; equal ones in alphabetical order. */
export function keywords(parts: readonly string[]): readonly Keyword[] {
  const counts = new Map<string, number>()
  for (const word of parts.flatMap(words)) if (carries(word)) counts.set(word, (counts.get(word) ?? 0) + 1)
  const most = Math.max(1, ...counts.values())
  return [...counts]
    .map(([word, count]) => ({ word, count, score: Math.round((count / most) * 1000) / 1000 }))
    .sort((a, b) => b.count - a.count || (a.word < b.word ? -1 : 1))
}

/** The words of a text in lower case, in the order of the text. */
export function words(text: string): readonly string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}][\p{L}\p{M}\p{N}]*(?:['’-][\p{L}\p{M}\p{N}]+)*/gu) ?? []
}

function carries(word: string): boolean {
  return word.length > 2 && !filler.has(word)
}

const filler = new Set(
  (
    'about after all also and any are been before being both but can could did does each few for from further had has have ' +
    'her here him his how into its just more most not now off once only other our out over own same she should some such ' +
    'than that the their them then there these they this those through too under until very was were what when where ' +
    'which while who whom why will with would you your'
  ).split(' '),
)
