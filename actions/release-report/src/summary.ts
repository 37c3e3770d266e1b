import type { Block, Cell, Report } from '@alt-las/outcome'
import { formatDuration } from '@alt-las/time'
import { shortened } from './read/documents.ts'
import { markNames } from './page/mark.ts'
import type { ReportOutcome } from './outcome.ts'
import { stepNames, type Mark } from './checklist/step.ts'
import type { Timeline } from './read/timeline.ts'

const signs: Readonly<Record<Mark, string>> = {
  passed: '✅',
  refused: '❌',
  failed: '⚠️',
  'brought-back': '↩️',
  missing: '❔',
  'not-reached': '·',
  'not-planned': '–',
}
const ends = { passed: '✅', refused: '❌', failed: '⚠️' } as const

/** A short summary: the sentence, then service by step; everything else is on the page. */
export function summarize(outcome: ReportOutcome): Report {
  const { conclusion, services, line, unreadable } = outcome
  const used = new Set(services.flatMap(({ steps }) => steps.map((step) => step.mark)))
  const meanings = (Object.keys(markNames) as Mark[]).filter((one) => used.has(one) && one !== 'passed')
  const blocks: readonly (Block | null)[] = [
    conclusion.because === '' ? null : { kind: 'paragraph', text: conclusion.because },
    services.length === 0 ? null : matrix(outcome),
    meanings.length === 0
      ? null
      : { kind: 'paragraph', text: meanings.map((one) => `${signs[one]} ${markNames[one]}`).join(' · ') },
    unreadable.length === 0 ? null : { kind: 'list', items: unreadable.map(({ because }) => because) },
    line === null ? null : chronicle(line),
  ]
  return {
    title: `${ends[conclusion.outcome]} ${conclusion.headline}`,
    blocks: blocks.filter((block) => block !== null),
    findings:
      conclusion.outcome === 'passed'
        ? []
        : [
            {
              effect: conclusion.outcome === 'failed' ? 'warns' : 'refuses',
              title: 'release',
              message: conclusion.sentence,
            },
          ],
  }
}

/** The outputs beside those that every action has. */
export function outputsOf({ page, conclusion, services }: ReportOutcome): Readonly<Record<string, string>> {
  return { page, 'release-outcome': conclusion.outcome, checklist: JSON.stringify(services) }
}

function matrix({ services }: ReportOutcome): Block {
  const rows = services.map(({ service, steps }): readonly Cell[] => [
    service,
    ...steps.map((step) => signs[step.mark]),
  ])
  return { kind: 'table', head: ['', ...stepNames], rows }
}

function chronicle({ fromMs, toMs, rows }: Timeline): Block {
  const bars = rows.flatMap((row) => row.bars).toSorted((a, b) => a.fromMs - b.fromMs)
  const cells = bars.map((bar): readonly Cell[] => [
    `+${formatDuration(bar.fromMs - fromMs)}`,
    formatDuration(bar.toMs - bar.fromMs),
    bar.service,
    bar.action,
    signs[bar.outcome],
    shortened(bar.because),
  ])
  const table: Block = { kind: 'table', head: ['at', 'took', 'service', 'step', '', 'because'], rows: cells }
  return { kind: 'details', summary: `Timeline: ${formatDuration(toMs - fromMs)} in all`, blocks: [table] }
}
