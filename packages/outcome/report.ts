/** A page for people as data: the job summary is rendered from it, and no other code writes Markdown. */
export interface Report {
  /** Reads alone: `scan-trivy: 0 critical, 2 high in ghcr.io/alt-las/x`. */
  readonly title: string
  readonly blocks: readonly Block[]
  /** The worst first: the only source of annotations. */
  readonly findings?: readonly ReportFinding[]
}

export type Cell = string | { readonly code: string } | { readonly text: string; readonly href: string }

export type Block =
  | { readonly kind: 'paragraph'; readonly text: string }
  | { readonly kind: 'table'; readonly head: readonly string[]; readonly rows: readonly (readonly Cell[])[] }
  | { readonly kind: 'list'; readonly items: readonly Cell[] }
  | { readonly kind: 'code'; readonly language: string; readonly text: string }
  | { readonly kind: 'details'; readonly summary: string; readonly blocks: readonly Block[] }

/** One finding to show beside the code. */
export interface ReportFinding {
  /** `refuses`: a reason why the step did not pass. `warns`: it should be fixed. `informs`: it decides nothing. */
  readonly effect: 'refuses' | 'warns' | 'informs'
  readonly message: string
  readonly title?: string
  /** From the root of the repository. */
  readonly file?: string
  /** 1-based. */
  readonly line?: number
}

/** As GitHub shows it. */
export interface Annotation extends Omit<ReportFinding, 'effect'> {
  readonly level: 'error' | 'warning' | 'notice'
}
