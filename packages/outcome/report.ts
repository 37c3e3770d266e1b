/** A page for people as data: the job summary is made of it, and nothing else writes Markdown. */
export interface Report {
  /** Reads alone: `scan-trivy: 0 critical, 2 high in ghcr.io/alt-las/x`. */
  readonly title: string
  readonly blocks: readonly Block[]
  readonly annotations?: readonly Annotation[]
}

export type Cell = string | { readonly code: string } | { readonly text: string; readonly href: string }

export type Block =
  | { readonly kind: 'paragraph'; readonly text: string }
  | { readonly kind: 'table'; readonly head: readonly string[]; readonly rows: readonly (readonly Cell[])[] }
  | { readonly kind: 'list'; readonly items: readonly Cell[] }
  | { readonly kind: 'code'; readonly language: string; readonly text: string }
  | { readonly kind: 'details'; readonly summary: string; readonly blocks: readonly Block[] }

export interface Annotation {
  readonly level: 'error' | 'warning' | 'notice'
  readonly message: string
  readonly title?: string
  readonly file?: string
  /** 1-based. */
  readonly line?: number
}
