import type { SyntheticStream } from '@alt-las/rollout'

/** GETs of one address at this average rate per second. */
export interface Stream {
  /** `http://…` or `https://…`, as the gateway serves it to users. */
  readonly url: string
  /** Requests a second, from 0.1 to 100. */
  readonly rate: number
}

/** At least one; no more than 100 requests a second in all. */
export type Synthetic = readonly SyntheticStream[]

/** More is a load test, and belongs to `verify`. */
const mostRate = 100
const leastRate = 0.1
const pattern = /^(?:(\d+(?:\.\d+)?)\/s|auto)\s+(\S+)$/

/** Lines such as `5/s https://shop.example/health` or `auto https://shop.example`; null for `off` or nothing. Throws an Error that names the expected form. */
export function parseSynthetic(raw: string): Synthetic | null {
  const lines = raw
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
  if (lines.length === 0 || (lines.length === 1 && lines[0] === 'off')) return null
  const streams = lines.map(parseStream)
  const twice = streams.find(({ url }, index) => streams.findIndex((one) => one.url === url) < index)
  if (twice !== undefined) throw new Error(`got ${twice.url} twice, expected one line for each address`)
  const rate = streams.reduce((sum, one) => sum + (one.rate ?? 0), 0)
  if (rate > mostRate)
    throw new Error(`got ${round(rate)}/s in all, expected at most ${mostRate}/s: more is a load test`)
  return streams
}

/** `5/s https://shop.example/health, 1/s https://shop.example/cart`. */
export function formatSynthetic(synthetic: readonly Stream[]): string {
  return synthetic.map(({ url, rate }) => `${round(rate)}/s ${url}`).join(', ')
}

function parseStream(line: string): SyntheticStream {
  const [, number, url] = pattern.exec(line) ?? []
  if (url === undefined)
    throw new Error(
      `got ${JSON.stringify(line)}, expected off, or a rate (or auto) and an address such as 5/s https://shop.example/health`,
    )
  if (number === undefined) return { url: parseUrl(url), rate: null }
  const rate = Number(number)
  if (!(rate >= leastRate && rate <= mostRate))
    throw new Error(`got ${number}/s, expected from ${leastRate}/s to ${mostRate}/s`)
  return { url: parseUrl(url), rate }
}

function parseUrl(text: string): string {
  const url = /^https?:\/\//.test(text) && URL.canParse(text) ? new URL(text) : null
  if (url === null)
    throw new Error(`got ${JSON.stringify(text)}, expected an address with https:// or http://`)
  // The address is in the log and in the summary.
  if (url.username !== '' || url.password !== '')
    throw new Error(`got an address of ${url.host} with credentials, expected an address without credentials`)
  if (url.hash !== '') throw new Error(`got ${JSON.stringify(text)}, expected no #: it is never sent`)
  return url.href
}

const round = (rate: number): string => String(Number(rate.toFixed(2)))
