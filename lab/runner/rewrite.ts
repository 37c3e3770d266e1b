import { isMap, isPair, isScalar, parseDocument, visit, type Node, type Pair } from 'yaml'

interface Edit {
  readonly from: number
  readonly to: number
  readonly text: string
}

/**
 * The workflow as the lab's runner accepts it. Three things differ, and nothing else: `concurrency.queue` goes (the lab has a queue of its
 * own), `environment.deployment` goes (the lab keeps no deployment records), and `uses: $/path` becomes `uses: ./path` (the workspace is
 * the running commit).
 */
export function rewriteForLab(source: string): string {
  const edits: Edit[] = []
  visit(parseDocument(source), {
    Pair: (_, pair) => {
      edits.push(...editsOf(pair, source))
    },
  })
  return edits
    .sort((a, b) => b.from - a.from)
    .reduce((text, edit) => text.slice(0, edit.from) + edit.text + text.slice(edit.to), source)
}

function editsOf(pair: Pair, source: string): readonly Edit[] {
  if (!isScalar(pair.key)) return []
  if (pair.key.value === 'concurrency' && isMap(pair.value)) return without('queue', pair.value, source)
  if (pair.key.value === 'environment' && isMap(pair.value)) return without('deployment', pair.value, source)
  if (pair.key.value === 'uses' && isScalar(pair.value)) return ownAction(pair.value, source)
  return []
}

function without(key: string, value: Node, source: string): readonly Edit[] {
  if (!isMap(value)) return []
  const unknown = value.items.find((item) => isPair(item) && isScalar(item.key) && item.key.value === key)
  const [from] = isScalar(unknown?.key) ? (unknown.key.range ?? []) : []
  const to = isScalar(unknown?.value) ? unknown.value.range?.[1] : undefined
  if (from === undefined || to === undefined) return []
  if (value.flow !== true)
    return [{ from: source.lastIndexOf('\n', from) + 1, to: source.indexOf('\n', to) + 1, text: '' }]
  // In `{ group: x, queue: max }` the comma before it goes too; where it stands first, the one after it.
  const before = /,\s*$/.exec(source.slice(0, from))
  if (before) return [{ from: before.index, to, text: '' }]
  const after = /^\s*,\s*/.exec(source.slice(to))
  return [{ from, to: to + (after?.[0].length ?? 0), text: '' }]
}

function ownAction(value: Node, source: string): readonly Edit[] {
  const [from, to] = value.range ?? []
  if (from === undefined || to === undefined) return []
  const text = source.slice(from, to)
  return /^["']?\$\//.test(text) ? [{ from, to, text: text.replace('$/', './') }] : []
}
