import { family, labels } from './exposition.ts'

/** How long this service waits for the others that it calls. */
export interface Calls {
  /** Measures until the promise is settled, whatever the result. `server`: the name of the other service. */
  measure<T>(server: string, work: () => Promise<T>): Promise<T>
  /** Lines of `/metrics`, under OpenTelemetry's name. */
  render(): readonly string[]
}

/** `now` is in seconds, monotonic. */
export function calls(now: () => number): Calls {
  const servers = new Map<string, { sum: number; count: number }>()
  return {
    async measure(server, work) {
      const begun = now()
      try {
        return await work()
      } finally {
        const known = servers.get(server) ?? { sum: 0, count: 0 }
        known.sum += now() - begun
        known.count += 1
        servers.set(server, known)
      }
    },
    render: () =>
      family(
        'http_client_request_duration_seconds',
        'summary',
        'Time until another service has begun to answer.',
        [...servers].flatMap(([server, { sum, count }]) => {
          const at = labels({ server_address: server })
          return [`_sum${at} ${sum}`, `_count${at} ${count}`]
        }),
      ),
  }
}
