/** One JSON object a line: what a log collector reads without a parser of its own. */
export interface Log {
  info(message: string, facts?: Readonly<Record<string, unknown>>): void
  error(message: string, facts?: Readonly<Record<string, unknown>>): void
}

/** Which process writes: the labels that its metrics have too. */
export interface Writer {
  readonly service: string
  readonly version: string
}

/** `now` answers the time as ISO 8601. */
export function log({ service, version }: Writer, write: (line: string) => void, now: () => string): Log {
  const line = (level: string, message: string, facts: Readonly<Record<string, unknown>> = {}) =>
    write(`${JSON.stringify({ time: now(), level, service, version, message, ...facts })}\n`)
  return {
    info: (message, facts) => line('info', message, facts),
    error: (message, facts) => line('error', message, facts),
  }
}
