/** `json` and `text` are read; of `other` only the type is checked. */
export type MediaKind = 'json' | 'text' | 'other'

export function mediaKind(type: string): MediaKind {
  const essence = essenceOf(type)
  if (/[/+]json$/.test(essence)) return 'json'
  return essence.startsWith('text/') && essence !== 'text/event-stream' ? 'text' : 'other'
}

/** The documented type that an answer's content type belongs to: the most specific of `a/b; c=d`, `a/b`, a range. */
export function chooseMediaType(documented: readonly string[], contentType: string): string | null {
  const essence = essenceOf(contentType)
  const [type = ''] = essence.split('/')
  const matches: readonly ((one: string) => boolean)[] = [
    (one) => normalized(one) === normalized(contentType),
    (one) => normalized(one) === essence,
    (one) => essenceOf(one) === essence,
    (one) => essenceOf(one) === `${type}/*`,
    (one) => ['*/*', '*'].includes(essenceOf(one)),
  ]
  for (const match of matches) {
    const found = documented.find(match)
    if (found !== undefined) return found
  }
  return null
}

/** Without parameters. */
export function essenceOf(type: string): string {
  return (type.split(';')[0] ?? '').trim().toLowerCase()
}

function normalized(type: string): string {
  return type.toLowerCase().replace(/[\s"]/g, '')
}
