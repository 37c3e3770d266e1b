// Patterns of `${NAME#pattern}`: `*` and `?`, a backslash before them takes their meaning. Matched by positions, so that
// no pattern takes more than the product of both lengths; a product that no honest file has counts as malformed.

type Token = { readonly kind: 'any' | 'one' } | { readonly kind: 'char'; readonly char: string }

/** The value without the part at its start that matches; null where the pattern is malformed. */
export function trimPrefix(value: string, pattern: string, isLongest: boolean): string | null {
  const tokens = tokensOf(pattern)
  if (tokens === null || tokens.length * value.length > mostSteps) return null
  const end = matchEnd(tokens, [...value], { from: 0, isLongest })
  return end === null ? value : [...value].slice(end).join('')
}

/** The value without the part at its end that matches; null where the pattern is malformed. */
export function trimSuffix(value: string, pattern: string, isLongest: boolean): string | null {
  const tokens = tokensOf(pattern)
  if (tokens === null || tokens.length * value.length > mostSteps) return null
  const chars = [...value]
  const end = matchEnd(tokens.toReversed(), chars.toReversed(), { from: 0, isLongest })
  return end === null ? value : chars.slice(0, chars.length - end).join('')
}

/** The value with the first part that matches, or all of them, replaced; null where the pattern is malformed. */
export function replacePattern(
  value: string,
  pattern: string,
  { replacement, isAll }: { readonly replacement: string; readonly isAll: boolean },
): string | null {
  const tokens = tokensOf(pattern)
  const chars = [...value]
  if (tokens === null || tokens.length * chars.length ** 2 > mostSteps) return null
  let result = ''
  let isDone = false
  for (let at = 0; at < chars.length;) {
    const end = isDone ? null : matchEnd(tokens, chars, { from: at, isLongest: true })
    if (end === null || end === at) {
      result += chars[at++] ?? ''
      continue
    }
    result += replacement
    if (result.length > longestResult) return null
    isDone = !isAll
    at = end
  }
  return result
}

/** A tag has 128 characters, and its pattern a few. */
const mostSteps = 4_000_000
const longestResult = 16 * 1024

function tokensOf(pattern: string): readonly Token[] | null {
  const tokens: Token[] = []
  const chars = [...pattern]
  for (let at = 0; at < chars.length; at += 1) {
    const char = chars[at] ?? ''
    if (char === '*') tokens.push({ kind: 'any' })
    else if (char === '?') tokens.push({ kind: 'one' })
    else if (char !== '\\') tokens.push({ kind: 'char', char })
    else {
      at += 1
      const next = chars[at] ?? ''
      if (!'*?\\}/'.includes(next) || next === '') return null
      tokens.push({ kind: 'char', char: next })
    }
  }
  return tokens
}

function matchEnd(
  tokens: readonly Token[],
  chars: readonly string[],
  { from, isLongest }: { readonly from: number; readonly isLongest: boolean },
): number | null {
  let states = closure(tokens, new Set([0]))
  let end: number | null = null
  for (let at = from; ; at += 1) {
    if (states.has(tokens.length)) {
      end = at
      if (!isLongest) return end
    }
    const char = chars[at]
    if (char === undefined || states.size === 0) return end
    states = closure(tokens, step(tokens, states, char))
  }
}

function step(tokens: readonly Token[], states: ReadonlySet<number>, char: string): Set<number> {
  const next = new Set<number>()
  for (const state of states) {
    const token = tokens[state]
    if (token?.kind === 'any') next.add(state)
    else if (token?.kind === 'one' || (token?.kind === 'char' && token.char === char)) next.add(state + 1)
  }
  return next
}

// A star may match nothing.
function closure(tokens: readonly Token[], states: Set<number>): Set<number> {
  for (const state of states) if (tokens[state]?.kind === 'any') states.add(state + 1)
  return states
}
