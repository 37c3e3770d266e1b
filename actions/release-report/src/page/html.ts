/** Text that is markup already. Only `html` makes it, so that nothing from a document reaches the page unescaped. */
export interface Html {
  readonly kind: 'html'
  readonly markup: string
}

type Value = Html | string | number | null | readonly Html[]

/** A template whose values are escaped, for content and for quoted attributes; nested `html` stays as it is, null is nothing. */
export function html(parts: TemplateStringsArray, ...values: readonly Value[]): Html {
  const markup = parts.map((part, index) => part + render(values[index] ?? null)).join('')
  return { kind: 'html', markup }
}

function render(value: Value): string {
  if (value === null) return ''
  if (typeof value === 'string' || typeof value === 'number') return escape(String(value))
  return 'markup' in value ? value.markup : value.map((one) => one.markup).join('')
}

function escape(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;')
}
