/** Trivy's severities, the worst first. */
export const severities = ['CRITICAL', 'HIGH', 'MEDIUM', 'LOW', 'UNKNOWN'] as const

export type Severity = (typeof severities)[number]

/** The worst of some severities; null where there is none. */
export function worst(some: readonly Severity[]): Severity | null {
  return severities.find((one) => some.includes(one)) ?? null
}

/** An unknown word is UNKNOWN: shown, and refusing where UNKNOWN refuses. */
export function toSeverity(text: string): Severity {
  return severities.find((one) => one === text.toUpperCase()) ?? 'UNKNOWN'
}
