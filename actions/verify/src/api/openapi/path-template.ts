import { decoded } from './document.ts'

/** Whether a path fits an OpenAPI template, percent-encoded or not: each `{name}` stands for one or more characters of a segment. Linear in the path. */
export function matcherOf(template: string): (path: string) => boolean {
  // A template's name may hold a slash, which separates nothing.
  const segments = withoutEnd(template.replace(/\{[^{}]*\}/g, '{}'))
    .split('/')
    .map((segment) => segmentMatcher(decoded(segment)))
  return (path) => {
    const given = withoutEnd(path).split('/').map(decoded)
    return given.length === segments.length && segments.every((fits, at) => fits(given[at] ?? ''))
  }
}

/** One slash at the end makes no difference. */
function withoutEnd(path: string): string {
  return path.endsWith('/') ? path.slice(0, -1) : path
}

/** Literal pieces from left to right, each at its first place, with at least one character for each `{}` between them. */
function segmentMatcher(segment: string): (text: string) => boolean {
  const pieces = segment.split('{}')
  const first = pieces[0] ?? ''
  if (pieces.length === 1) return (text) => text === first
  const last = pieces[pieces.length - 1] ?? ''
  const middle = pieces.slice(1, -1)
  return (text) => {
    if (!text.startsWith(first)) return false
    let at = first.length
    for (const piece of middle) {
      const found = text.indexOf(piece, at + 1)
      if (found === -1) return false
      at = found + piece.length
    }
    return text.endsWith(last) && text.length - last.length >= at + 1
  }
}
