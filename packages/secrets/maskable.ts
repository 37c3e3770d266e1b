/** Shorter texts are no secret, and to hide them would shred the log. */
const shortest = 4

/**
 * Every form in which a log may show these secrets: whole, line by line (a log is masked line by line), in base64, in a URL, in JSON.
 * Longest first, so that a part is not hidden before its whole.
 */
export function maskable(values: readonly string[]): readonly string[] {
  const forms = values.flatMap((value) => [value, ...value.split(/\r\n|\r|\n/)].flatMap(formsOf))
  return [...new Set(forms)].toSorted((one, other) => other.length - one.length)
}

function formsOf(text: string): readonly string[] {
  const plain = text.trim()
  if (plain.length < shortest) return []
  // `echo` adds the end of a line to what is encoded.
  const encoded = [...new Set([plain, text, `${plain}\n`])].flatMap(inBase64)
  return [plain, ...encoded, inUrl(plain), JSON.stringify(plain).slice(1, -1)]
}

function inBase64(text: string): readonly string[] {
  const bytes = Buffer.from(text)
  const base64 = bytes.toString('base64')
  return [base64, base64.replace(/=+$/, ''), bytes.toString('base64url')]
}

function inUrl(text: string): string {
  // A lone surrogate has no form in a URL.
  return encodeURIComponent(text.toWellFormed())
}
