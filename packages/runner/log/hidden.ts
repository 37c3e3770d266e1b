/** Shorter forms are parts of ordinary words: to take them out would make a report unreadable. */
const shortest = 6
/** Forms in one pattern: the engine has a limit for its size. */
const mostInPattern = 500

/** The forms of secrets that are known so far. The runner masks the log with them, but neither documents nor summaries. */
export interface Hidden {
  add(forms: readonly string[]): void
  /** Every form in the text becomes `***`. */
  clean(text: string): string
}

export function createHidden(): Hidden {
  const forms = new Set<string>()
  let patterns: readonly RegExp[] | null = null
  return {
    add: (more) => {
      for (const form of more) if (form.length >= shortest) forms.add(form)
      patterns = null
    },
    clean: (text) => {
      patterns ??= patternsOf(forms)
      return patterns.reduce((rest, pattern) => rest.replace(pattern, '***'), text)
    },
  }
}

/** Longest first, so that no part is hidden before its whole. */
function patternsOf(forms: ReadonlySet<string>): readonly RegExp[] {
  const escaped = [...forms]
    .toSorted((one, other) => other.length - one.length)
    .map((form) => form.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&'))
  const groups = Array.from({ length: Math.ceil(escaped.length / mostInPattern) }, (_, index) =>
    escaped.slice(index * mostInPattern, (index + 1) * mostInPattern),
  )
  return groups.map((group) => new RegExp(group.join('|'), 'g'))
}

/**
 * The same data without secrets in its sentences. A text without a blank is a name, an address or a digest, which others read: it stays,
 * even where a secret is a word that everybody uses.
 */
export function withoutSecrets<T>(value: T, clean: (text: string) => string): T {
  return cleaned(value, clean) as T
}

function cleaned(value: unknown, clean: (text: string) => string): unknown {
  if (typeof value === 'string') return /\s/.test(value) ? clean(value) : value
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map((one) => cleaned(one, clean))
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, cleaned(inner, clean)]))
}
