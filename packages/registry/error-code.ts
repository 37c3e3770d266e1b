/** The `code` of a system error (`ECONNRESET`), by shape and not by class: errors of another realm count too. */
export function errorCode(error: unknown): string | null {
  const isObject = typeof error === 'object' && error !== null
  return isObject && 'code' in error && typeof error.code === 'string' ? error.code : null
}
