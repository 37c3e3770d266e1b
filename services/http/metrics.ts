import { escaped, family, labels } from './exposition.ts'

/** What happened to one request. `route` is the pattern, not the path: paths would make a series each. */
export interface Served {
  readonly method: string
  readonly route: string
  readonly code: number
  readonly seconds: number
}

export interface Metrics {
  begin(): void
  end(served: Served): void
  /** Prometheus text exposition format 0.0.4. */
  render(): string
}

export interface Identity {
  readonly service: string
  readonly version: string
  readonly revision: string
}

export interface Process {
  readonly startedAt: number
  readonly pod: string
}

const buckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

/** The metrics of one process. `startedAt` is in seconds since the epoch, `pod` the name of its host; `more` gives the lines that only this service has. */
export function metrics(
  identity: Identity,
  { startedAt, pod }: Process,
  more: () => readonly string[] = () => [],
): Metrics {
  const totals = new Map<string, number>()
  const latencies = new Map<string, { readonly counts: number[]; sum: number; count: number }>()
  let inFlight = 0
  return {
    begin() {
      inFlight += 1
    },
    end({ method, route, code, seconds }) {
      inFlight -= 1
      const total = labels({ code: String(code), method, route })
      totals.set(total, (totals.get(total) ?? 0) + 1)
      const key = `method="${escaped(method)}",route="${escaped(route)}"`
      const seen = latencies.get(key) ?? { counts: buckets.map(() => 0), sum: 0, count: 0 }
      for (const [index, bound] of buckets.entries())
        if (seconds <= bound) seen.counts[index] = (seen.counts[index] ?? 0) + 1
      seen.sum += seconds
      seen.count += 1
      latencies.set(key, seen)
    },
    render: () =>
      [
        ...family(
          'http_requests_total',
          'counter',
          'Requests answered.',
          [...totals].map(([at, n]) => `${at} ${n}`),
        ),
        ...histogram(latencies),
        ...family('http_requests_in_flight', 'gauge', 'Requests being answered.', [` ${inFlight}`]),
        ...family('process_start_time_seconds', 'gauge', 'Start of the process, seconds since the epoch.', [
          ` ${startedAt}`,
        ]),
        ...family('process_cpu_seconds_total', 'counter', 'User and system time, seconds.', [
          ` ${cpuSeconds()}`,
        ]),
        ...family('process_resident_memory_bytes', 'gauge', 'Resident memory.', [
          ` ${process.memoryUsage.rss()}`,
        ]),
        ...family('service_info', 'gauge', 'What runs here; always 1.', [
          `${labels({ ...identity, pod })} 1`,
        ]),
        ...more(),
        '',
      ].join('\n'),
  }
}

function histogram(
  latencies: ReadonlyMap<
    string,
    { readonly counts: readonly number[]; readonly sum: number; readonly count: number }
  >,
) {
  const name = 'http_request_duration_seconds'
  const lines = [
    `# HELP ${name} Time from the request's head to the end of its answer.`,
    `# TYPE ${name} histogram`,
  ]
  for (const [key, { counts, sum, count }] of latencies) {
    for (const [index, bound] of buckets.entries())
      lines.push(`${name}_bucket{${key},le="${bound}"} ${counts[index] ?? 0}`)
    lines.push(
      `${name}_bucket{${key},le="+Inf"} ${count}`,
      `${name}_sum{${key}} ${sum}`,
      `${name}_count{${key}} ${count}`,
    )
  }
  return lines
}

function cpuSeconds(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1e6
}
