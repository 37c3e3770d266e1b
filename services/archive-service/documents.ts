export interface Draft {
  readonly title: string
  readonly text: string
  readonly tags: readonly string[]
}

export interface Document extends Draft {
  /** A UUID. */
  readonly id: string
  /** ISO 8601, UTC. */
  readonly createdAt: string
}

export type Heading = Omit<Document, 'text'>

/** Where documents are kept. Rejects when the store cannot be reached. */
export interface Documents {
  add(draft: Draft): Promise<Document>
  find(id: string): Promise<Document | null>
  /** The newest first; `before` is the id of the last one that the caller has seen. */
  list(limit: number, before: string | null): Promise<readonly Heading[]>
}
