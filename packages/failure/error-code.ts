/** The system's code of whatever was thrown (`ENOENT`, `ECONNREFUSED`), or null. */
export function errorCode(thrown: unknown): string | null {
  const code = typeof thrown === 'object' && thrown !== null && 'code' in thrown ? thrown.code : null
  return typeof code === 'string' || typeof code === 'number' ? String(code) : null
}
