import type { Labels } from '../series.ts'

/** One version as routers and scrapers know it. */
export interface Backend {
  readonly role: 'canary' | 'stable'
  readonly namespace: string
  /** The Service that the gateway routes to. */
  readonly service: string
  /** Of the Service, as routes name it. */
  readonly port: number
  readonly deployment: string
  /** All that exist, ready or not. */
  readonly pods: readonly PodAddress[]
}

export interface PodAddress {
  readonly name: string
  /** '' while it has none. */
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
  /** What is scraped, as people say it. */
  readonly scraped: string
  /** Tells when a scrape was. One of them has a sample of every scrape of every target that may hold counters. */
  readonly heartbeat: (arms: Arms) => readonly string[]
  /** The heartbeat is there before the first request is: its absence means that nothing is scraped. */
  readonly beatsWithoutTraffic: boolean
  /** Counters of finished requests. */
  readonly requests: (backend: Backend) => readonly string[]
  /** Counters of failed requests; null where a label of `requests` tells. */
  readonly errors: ((backend: Backend) => readonly string[]) | null
  /** Whether a series of `requests` counts failures. */
  readonly isError: (labels: Labels) => boolean
  /**
   * Whether a series of `requests` counts those whose client hung up before there was an answer: such a request was not finished. A canary that
   * hangs would else seem to do its share as soon as users lose their patience.
   */
  readonly isGivenUp?: (labels: Labels) => boolean
  /** Histograms: cumulative buckets with `le`, or native ones; null where there are none. */
  readonly latency: ((backend: Backend) => readonly string[]) | null
  /** Seconds that one unit of a bucket's bound is. */
  readonly unit: number
}

/** The status that NGINX invented, and others took over, for a client that went away. */
export const isClientGone = (status: string | undefined): boolean => status === '499'

/** A status that the server is to blame for: `500`…`599`, or the class `5xx`. */
export const isServerError = (status: string | undefined): boolean => /^5(\d\d|xx)$/i.test(status ?? '')
