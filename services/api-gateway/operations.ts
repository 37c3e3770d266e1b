import * as shapes from './shapes.ts'
import type { Schema } from './shapes.ts'

export const upstreamNames = ['segmentation', 'ai', 'archive', 'runner'] as const
export type UpstreamName = (typeof upstreamNames)[number]

/** Base URL by upstream; `null` where an environment has none. */
export type Upstreams = Readonly<Record<UpstreamName, string | null>>

/** One operation of the public API. The same table makes the routes and `/openapi.json`: the two cannot disagree. */
export interface Operation {
  readonly upstream: UpstreamName
  readonly method: 'GET' | 'POST'
  /** The path at the upstream; the public one is `/api/<upstream>` before it. */
  readonly path: string
  readonly id: string
  readonly summary: string
  readonly query?: Readonly<Record<string, Schema>>
  readonly body?: Schema
  readonly answers: Readonly<Record<number, Schema>>
}

export const operations: readonly Operation[] = [
  {
    upstream: 'segmentation',
    method: 'POST',
    path: '/segments',
    id: 'createSegments',
    summary: 'Splits a text into segments with their offsets',
    body: shapes.segmentsRequest,
    answers: { 200: shapes.segments },
  },
  {
    upstream: 'ai',
    method: 'POST',
    path: '/results',
    id: 'createResult',
    summary: 'Segments a text, scores its keywords and extracts a summary',
    body: shapes.resultRequest,
    answers: { 200: shapes.result },
  },
  {
    upstream: 'archive',
    method: 'POST',
    path: '/documents',
    id: 'storeDocument',
    summary: 'Stores a document',
    body: shapes.documentRequest,
    answers: { 201: shapes.document },
  },
  {
    upstream: 'archive',
    method: 'GET',
    path: '/documents',
    id: 'listDocuments',
    summary: 'Lists documents, the newest first',
    query: { limit: shapes.limit, before: shapes.uuid },
    answers: { 200: shapes.documents },
  },
  {
    upstream: 'archive',
    method: 'GET',
    path: '/documents/:id',
    id: 'readDocument',
    summary: 'Reads one document',
    answers: { 200: shapes.document, 404: shapes.problem },
  },
  {
    upstream: 'runner',
    method: 'POST',
    path: '/jobs',
    id: 'startJob',
    summary: 'Starts a named job',
    body: shapes.jobRequest,
    answers: { 202: shapes.job },
  },
  {
    upstream: 'runner',
    method: 'GET',
    path: '/jobs',
    id: 'listJobs',
    summary: 'Lists jobs, the newest first',
    answers: { 200: shapes.jobs },
  },
  {
    upstream: 'runner',
    method: 'GET',
    path: '/jobs/:id',
    id: 'readJob',
    summary: 'Reads the status of a job',
    answers: { 200: shapes.job, 404: shapes.problem },
  },
]
