/** Shorter texts are not secrets, and masking them would make the log unreadable. */
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
  const base64 = Buffer.from(plain).toString('base64')
  return [plain, base64, base64.replace(/=+$/, ''), inUrl(plain), JSON.stringify(plain).slice(1, -1)]
}

function inUrl(text: string): string {
  // A lone surrogate cannot be URL-encoded.
  return encodeURIComponent(text.toWellFormed())
}
