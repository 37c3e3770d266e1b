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
  /** Whether it may still resolve by itself or by another operation. */
  readonly heals: boolean
  /** How long it may last until it counts as failed; 0 = immediately; null = never by itself (not the version's fault). */
  readonly graceMs: number | null
  /** Its start, ms since 1970; null = unknown, which counts as long enough. */
  readonly since: number | null
  /** `version`: its image, its configuration or its manifest; `surroundings`: nodes, capacity, registry, webhooks, other versions. */
  readonly fault: 'version' | 'surroundings'
  /** Its subject, to distinguish two causes of a kind: `secret db`, `exit code 3`. */
  readonly about?: string
  /** The figures, for the outcome document. */
  readonly evidence?: Readonly<Record<string, unknown>>
  readonly pod?: string
  readonly container?: string
  /** The container whose previous log has details; set if it has ended at least once. */
  readonly hasLog?: boolean
}

/** ISO 8601 to ms since 1970; null for what is missing or unreadable. */
export function timeOf(text: string | null | undefined): number | null {
  const time = text === null || text === undefined ? NaN : Date.parse(text)
  return Number.isNaN(time) ? null : time
}
