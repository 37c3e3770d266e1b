import { parse } from 'yaml'

interface Triggers {
  readonly push?: {
    readonly tags?: readonly string[]
    readonly 'tags-ignore'?: readonly string[]
    readonly branches?: readonly string[]
  } | null
}

/** Whether a push of this tag starts the workflow, by GitHub's rules for `on.push.tags` and `tags-ignore`. */
export function startsOnTag(workflow: string, tag: string): boolean {
  const on: unknown = (parse(workflow) as { readonly on?: unknown } | null)?.on
  if (typeof on === 'string') return on === 'push'
  if (Array.isArray(on)) return on.includes('push')
  if (typeof on !== 'object' || on === null || !('push' in on)) return false
  const push = (on as Triggers).push
  if (push?.tags !== undefined) return matchesAny(push.tags, tag)
  if (push?.['tags-ignore'] !== undefined) return !matchesAny(push['tags-ignore'], tag)
  return push?.branches === undefined
}

/** Patterns are tried in order and the last that matches decides; `!` takes back what an earlier one took. */
export function matchesAny(patterns: readonly string[], name: string): boolean {
  return patterns.reduce((matched, pattern) => {
    if (pattern.startsWith('!')) return matched && !expression(pattern.slice(1)).test(name)
    return matched || expression(pattern).test(name)
  }, false)
}

/** GitHub's filter pattern: `*` within one path part, `**` over parts, `?` and `+` after what they repeat, `[]` a set of characters. */
function expression(pattern: string): RegExp {
  const source = pattern.replace(/\*\*|\*|\[[^\]]*\]|\\.|[+?]|[.^${}()|/\\]/g, (part) => {
    if (part === '**') return '.*'
    if (part === '*') return '[^/]*'
    return part.length > 1 || part === '+' || part === '?' ? part : `\\${part}`
  })
  return new RegExp(`^${source}$`)
}
