import type { Check, Verdict } from './check.ts'

const words = {
  ...{ passed: 'ok', kept: 'kept', failed: 'FAIL', late: 'LATE', skipped: 'SKIP', unsteady: 'UNSTEADY' },
} as const

/** `ok    first-installation (183 s): what holds`. */
export const verdictLine = ({ check, kind, seconds }: Verdict): string =>
  `${words[kind].padEnd(5)} ${check.name} (${seconds.toFixed(0)} s): ${check.title}`

/** One line per part: `e2e: 7 passed, 0 failed`. */
export function partLines(verdicts: readonly Verdict[]): readonly string[] {
  const parts = new Set(verdicts.map(({ check }) => check.part))
  return [...parts].map((part) => {
    const own = verdicts.filter(({ check }) => check.part === part)
    const sum = (key: 'passed' | 'failed') => own.reduce((total, verdict) => total + verdict[key], 0)
    return `${part}: ${sum('passed')} passed, ${sum('failed')} failed`
  })
}

export const listLine = ({ name, part, minutes, title }: Check, marks: string): string =>
  `${name.padEnd(22)} ${part.padEnd(11)} ${String(minutes).padStart(4)} min  ${marks.padEnd(14)} ${title}`
