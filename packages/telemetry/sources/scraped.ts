import { Failure } from '@alt-las/failure'
import type { Clock } from '@alt-las/time'
import { parseExposition, type Exposed } from './exposition.ts'
import type { Fetch, Prometheus } from './prometheus.ts'
import { parseSelector } from '../series/select.ts'
import { identity, type Sample, type Series } from '../series/series.ts'

/** Not more often than this, ms. */
const intervalMs = 5000
/** How long every sample is kept, ms: the same for all, since a series younger than its target counts from 0. */
const keptMs = 5 * 60_000

interface Kept {
  readonly labels: Series['labels']
  readonly samples: Sample[]
}

/**
 * Replaces Prometheus: scrapes one metrics endpoint itself, keeps its counters between scrapes, and answers the plain
 * selectors of presets. The endpoint must be one process; several behind one address are detected by their start times (Failure
 * `metrics-ambiguous`). Its samples are lost with this process: the next one begins again.
 */
export function scraped(get: Fetch, instance: string, clock: Clock): Prometheus {
  const kept = new Map<string, Kept>()
  const starts: number[] = []
  let last = -Infinity

  async function scrape(): Promise<void> {
    const at = clock.now()
    if (at - last < intervalMs) return
    const exposed = parseExposition(await get(''))
    oneProcess(exposed, starts, instance)
    last = at
    for (const { labels, value } of [...exposed, { labels: { __name__: 'up' }, value: 1 }]) {
      keep({ ...labels, job: 'scrape', instance }, { at, value })
    }
    forget(at - keptMs)
  }

  function keep(labels: Series['labels'], sample: Sample): void {
    const id = identity(labels)
    const own = kept.get(id) ?? { labels, samples: [] }
    own.samples.push(sample)
    kept.set(id, own)
  }

  function forget(before: number): void {
    for (const [id, { samples }] of kept) {
      while ((samples[0]?.at ?? Infinity) < before) samples.shift()
      if (samples.length === 0) kept.delete(id)
    }
  }

  return {
    startedAt: () => Promise.resolve(0),
    query: async (promql, at = clock.now()) => {
      if (promql === 'vector(1)') {
        await scrape()
        return [{ labels: {}, samples: [{ at: clock.now(), value: 1 }], histograms: [] }]
      }
      const { selection, rangeMs } = parseQuery(promql)
      return [...kept.values()].flatMap(({ labels, samples }) => {
        const seen = selection.fits(labels)
          ? samples.filter((sample) => sample.at > at - rangeMs && sample.at <= at)
          : []
        return seen.length === 0 ? [] : [{ labels, samples: seen, histograms: [] }]
      })
    },
  }
}

function parseQuery(promql: string) {
  const [, text = '', range = ''] = /^(.*)\[(\d+)s\]$/s.exec(promql) ?? []
  const selection = parseSelector(text)
  if (selection === null)
    throw new Failure('metrics-refused', `a scraped endpoint cannot answer ${promql}, only selectors`, {
      fault: 'input',
      hint: 'give a Prometheus in metrics-url, or plain selectors in metrics',
    })
  return { selection, rangeMs: Number(range) * 1000 }
}

/** A start time that returns after another one means that two processes answer in turn: their counters are mixed. */
function oneProcess(exposed: readonly Exposed[], starts: number[], instance: string): void {
  const start = exposed.find(({ labels }) => labels['__name__'] === 'process_start_time_seconds')?.value
  if (start === undefined || start === starts.at(-1)) return
  if (starts.includes(start))
    throw new Failure('metrics-ambiguous', `several processes answer in turn at ${instance}`, {
      fault: 'input',
      hint: 'give with scrape+ an address of one process, or a Prometheus that scrapes each process',
    })
  starts.push(start)
}
