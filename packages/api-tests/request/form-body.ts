/** A part of a multipart body: a value, or the content of a file. */
export type Part =
  string | { readonly filename?: string; readonly contentType?: string; readonly content: string }

/** Named values as HTML forms send them, or as parts. Their variables are filled in first. */
export type Form =
  | { readonly kind: 'form'; readonly fields: Readonly<Record<string, string>> }
  | { readonly kind: 'multipart'; readonly parts: Readonly<Record<string, Part>> }

export interface EncodedForm {
  readonly contentType: string
  readonly body: string
}

export function encodeForm(form: Form, replace: (text: string) => string): EncodedForm {
  if (form.kind === 'form') {
    const fields = Object.entries(form.fields).map(([name, value]): [string, string] => [
      name,
      replace(value),
    ])
    const body = new URLSearchParams(fields).toString()
    return { contentType: 'application/x-www-form-urlencoded', body }
  }
  return encodeParts(Object.entries(form.parts).map(([name, part]) => [name, filledPart(part, replace)]))
}

function filledPart(part: Part, replace: (text: string) => string): Exclude<Part, string> {
  if (typeof part === 'string') return { content: replace(part) }
  return { ...part, content: replace(part.content) }
}

/** RFC 7578. */
function encodeParts(parts: readonly (readonly [string, Exclude<Part, string>])[]): EncodedForm {
  const boundary = boundaryFor(parts.map(([, { content }]) => content))
  const written = parts.map(([name, { filename, contentType, content }]) => {
    const file = filename === undefined ? '' : `; filename="${quoted(filename)}"`
    const type = contentType === undefined ? '' : `content-type: ${contentType}\r\n`
    const head = `content-disposition: form-data; name="${quoted(name)}"${file}\r\n${type}`
    return `--${boundary}\r\n${head}\r\n${content}\r\n`
  })
  return {
    contentType: `multipart/form-data; boundary=${boundary}`,
    body: `${written.join('')}--${boundary}--\r\n`,
  }
}

/** No content may hold it. */
function boundaryFor(contents: readonly string[]): string {
  let boundary = 'alt-las-delivery'
  while (contents.some((content) => content.includes(boundary))) boundary += '-'
  return boundary
}

/** As browsers write names. */
function quoted(text: string): string {
  return text.replaceAll('\r', '%0D').replaceAll('\n', '%0A').replaceAll('"', '%22')
}
