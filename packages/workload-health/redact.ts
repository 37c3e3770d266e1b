const secrets: readonly RegExp[] = [
  // name="value" of things that are named like a secret; in quotes it may hold spaces
  /((?:password|passwd|secret|token|api[-_]?key|authorization|credential)s?["']?\s*[=:]\s*)(?:"[^"]*"|'[^']*')/gi,
  // the same without quotes
  /((?:password|passwd|secret|token|api[-_]?key|authorization|credential)s?["']?\s*[=:]\s*["']?(?:bearer |basic )?)[^\s"',;&]+/gi,
  // user:password@ in an address
  /(\w+:\/\/[^\s:/@]+:)[^\s@]+(?=@)/g,
  /(\b(?:bearer|basic) )[\w.~+/=-]{8,}/gi,
  // tokens that are known by their form: JWT, GitHub, AWS
  /()\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*/g,
  /()\bgh[a-z]_\w{20,}/g,
  /()\bAKIA[0-9A-Z]{16}\b/g,
  // a line of a key in PEM
  /()^[A-Za-z0-9+/]{60,}={0,2}$/gm,
]

/** A foreign log on its way into a summary that others read: what looks like a secret becomes `***`. */
export function redact(text: string): string {
  return secrets.reduce((clean, pattern) => clean.replace(pattern, '$1***'), text)
}
