import type { ArmSeries } from '../blocks/blocks.ts'
import type { Backend, Preset } from '../presets/preset.ts'
import type { Prometheus } from '../sources/prometheus.ts'
import type { Series } from '../series/series.ts'

/** Raw scrapes of the last `ms` before `at`, both by the source's clock. */
export interface Span {
  readonly at: number
  readonly ms: number
}

/** Maximum age of the scrape at which a block begins, ms. */
export const lookbackMs = 180_000

/** One span for all selectors: later queries see the scrapes of earlier ones, since a scrape is stored as a whole. */
export async function ask(
  source: Prometheus,
  selectors: readonly string[],
  { at, ms }: Span,
): Promise<readonly Series[]> {
  const answers: Series[] = []
  for (const one of selectors) answers.push(...(await source.query(`${one}[${Math.ceil(ms / 1000)}s]`, at)))
  return answers
}

export async function askArm(
  source: Prometheus,
  { preset, backend, span }: { readonly preset: Preset; readonly backend: Backend; readonly span: Span },
): Promise<ArmSeries> {
  return {
    requests: await ask(source, preset.requests(backend), span),
    errors: preset.errors === null ? null : await ask(source, preset.errors(backend), span),
    latency: preset.latency === null ? [] : await ask(source, preset.latency(backend), span),
  }
}
