export type CauseKind =
  | 'image-pull'
  | 'image-name'
  | 'config'
  | 'crash-loop'
  | 'out-of-memory'
  | 'start'
  | 'probe'
  | 'unschedulable'
  | 'quota'
  | 'admission'
  | 'mount'
  | 'eviction'
  | 'node'
  | 'disruption-budget'
  | 'deadline'

/** Why pods do not become ready. */
export interface Cause {
  readonly kind: CauseKind
  /** One sentence with the figures. */
  readonly because: string
  /** Whether time, or another's operation, can still cure it. */
  readonly heals: boolean
  /** How long it may last before it counts as failed; 0 = at once; null = never by itself (not the version's fault). */
  readonly graceMs: number | null
  /** Since when it lasts, ms since 1970; null = unknown, which counts as long enough. */
  readonly since: number | null
  /** `version`: its image, its configuration or its manifest; `surroundings`: nodes, capacity, registry, webhooks, other versions. */
  readonly fault: 'version' | 'surroundings'
  /** What it is about, where two causes of a kind may differ: `secret db`, `exit code 3`. */
  readonly about?: string
  /** The figures, for the outcome document. */
  readonly evidence?: Readonly<Record<string, unknown>>
  readonly pod?: string
  readonly container?: string
  /** The container's previous log tells more; set where it has ended at least once. */
  readonly hasLog?: boolean
}

/** ISO 8601 to ms since 1970; null for what is missing or unreadable. */
export function timeOf(text: string | null | undefined): number | null {
  const time = text === null || text === undefined ? NaN : Date.parse(text)
  return Number.isNaN(time) ? null : time
}
