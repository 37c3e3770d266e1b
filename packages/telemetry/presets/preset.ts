// One file per gateway: the names of its counters, and how they tell the versions apart.
import type { Labels } from '../series/series.ts'

/** One version, with its names for routers and scrapers. */
export interface Backend {
  readonly role: 'canary' | 'stable'
  readonly namespace: string
  /** The Service that the gateway routes to. */
  readonly service: string
  /** Of the Service, as routes name them: by number or by name. */
  readonly ports: readonly string[]
  /** Routes that have it as their only backend, as the gateway names them in its metrics; absent = none. */
  readonly names?: readonly string[]
  readonly deployment: string
  /** All that exist, ready or not. */
  readonly pods: readonly PodAddress[]
}

export interface PodAddress {
  readonly name: string
  /** '' = none yet. */
  readonly ip: string
}

/** Two Services, or the pods of two Deployments, that serve at the same time. */
export interface Arms {
  readonly canary: Backend
  readonly stable: Backend
}

/** Selectors of raw counters, to which the reader adds the range. */
export interface Preset {
  readonly name: string
  /** The scraped targets, in words. */
  readonly scraped: string
  /** Series that show the time of scrapes. Together they have a sample of every scrape of every target with counters. */
  readonly heartbeat: (arms: Arms) => readonly string[]
  /** The heartbeat exists before the first request: its absence means that nothing is scraped. */
  readonly beatsWithoutTraffic: boolean
  /** Counters of finished requests. */
  readonly requests: (backend: Backend) => readonly string[]
  /** Counters that grow with requests to the Service, by whatever port or way; absent where its series cannot be elsewhere. */
  readonly near?: (backend: Backend) => readonly string[]
  /** Counters of failed requests; null = by the labels of `requests`. */
  readonly errors: ((backend: Backend) => readonly string[]) | null
  /** Whether a series of `requests` counts failures. */
  readonly isError: (labels: Labels) => boolean
  /** The status, `404`, or its class, `4xx`, that a series of `requests` counts; absent where its labels have none. */
  readonly statusOf?: (labels: Labels) => string | undefined
  /**
   * Whether a series of `requests` counts requests whose client disconnected before the answer: they are not finished. Otherwise a canary that
   * hangs would seem to do its share as soon as users give up.
   */
  readonly isGivenUp?: (labels: Labels) => boolean
  /** Histograms: cumulative buckets with `le`, or native ones; null = none. */
  readonly latency: ((backend: Backend) => readonly string[]) | null
  /** Seconds that one unit of a bucket's bound is. */
  readonly unit: number
}

/** NGINX's status for a client that disconnected; other gateways use it too. */
export const isClientGone = (status: string | undefined): boolean => status === '499'

/** A server error: `500`…`599`, or the class `5xx`. */
export const isServerError = (status: string | undefined): boolean => /^5(\d\d|xx)$/i.test(status ?? '')

type StatusOf = NonNullable<Preset['statusOf']>

/** A preset whose series have the status in a label: a server error is an error. */
export function byStatus(statusOf: StatusOf): Pick<Preset, 'isError'> & { readonly statusOf: StatusOf } {
  return { isError: (labels) => isServerError(statusOf(labels)), statusOf }
}
