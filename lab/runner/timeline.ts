import { readable } from '../base/duration.ts'
import type { RunEvent } from './events.ts'

export interface StepTime {
  readonly name: string
  readonly began: number
  readonly ended: number
  readonly result: string
}

export interface JobTime {
  readonly name: string
  readonly began: number
  readonly ended: number
  readonly result: string
  /** The job whose end this one had to await, and how long it then still waited for a free runner. Null when it waited for no job. */
  readonly after: string | null
  readonly waited: number
  readonly steps: readonly StepTime[]
}

/** Each job's and each step's own time, and what was waiting for what. `needs` is keyed by the job's id in the workflow. */
export function timeline(
  events: readonly RunEvent[],
  needs: Readonly<Record<string, readonly string[]>>,
): readonly JobTime[] {
  const names = [...new Set(events.flatMap((event) => (event.kind === 'runner' ? [] : [event.job])))]
  const jobs = names.map((name) => jobTime(name, events))
  const first = Math.min(...jobs.map((job) => job.began))
  return jobs
    .map((job) => {
      const needed = needs[idOf(job.name)] ?? []
      const last = jobs.filter((one) => needed.includes(idOf(one.name))).sort((a, b) => b.ended - a.ended)[0]
      return { ...job, after: last?.name ?? null, waited: Math.max(0, job.began - (last?.ended ?? first)) }
    })
    .sort((a, b) => a.began - b.began)
}

const idOf = (job: string): string => job.replace(/ \(.*$/, '')

function jobTime(name: string, events: readonly RunEvent[]): Omit<JobTime, 'after' | 'waited'> {
  const own = events.filter((event) => event.kind !== 'runner' && event.job === name)
  const ended = own.find((event) => event.kind === 'job-ended')
  const began = own[0]?.at ?? 0
  return {
    name,
    began,
    ended: ended?.at ?? own.at(-1)?.at ?? began,
    result: ended?.result ?? 'unknown',
    steps: steps(own),
  }
}

function steps(events: readonly RunEvent[]): readonly StepTime[] {
  const open = new Map<string, number>()
  return events.flatMap((event) => {
    if (event.kind === 'step-began') open.set(event.step, event.at)
    if (event.kind !== 'step-ended') return []
    return [
      {
        name: event.step,
        began: open.get(event.step) ?? event.at - event.took,
        ended: event.at,
        result: event.result,
      },
    ]
  })
}

const width = 40

/** The timeline as lines: one bar a job, its steps beneath it, and in words what a job waited for. Steps under `shortest` ms are left out. */
export function drawTimeline(jobs: readonly JobTime[], shortest = 1000): readonly string[] {
  const end = Math.max(1, ...jobs.map((job) => job.ended))
  const bar = (began: number, ended: number, mark: string): string => {
    const from = Math.min(width - 1, Math.floor((began / end) * width))
    const to = Math.max(from + 1, Math.round((ended / end) * width))
    return `${' '.repeat(from)}${mark.repeat(to - from)}${' '.repeat(Math.max(0, width - to))}`
  }
  const name = Math.max(
    20,
    ...jobs.flatMap((job) => [job.name.length, ...job.steps.map((step) => step.name.length + 2)]),
  )
  return jobs.flatMap((job) => [
    `${job.name.padEnd(name)} │${bar(job.began, job.ended, '█')}│ ${own(job).padStart(6)} ${job.result}${waiting(job)}`,
    ...job.steps
      .filter((step) => step.ended - step.began >= shortest || step.result === 'failure')
      .map(
        (step) =>
          `  ${step.name.padEnd(name - 2)} │${bar(step.began, step.ended, '▒')}│ ${own(step).padStart(6)}${step.result === 'success' ? '' : ` ${step.result}`}`,
      ),
  ])
}

const own = (one: { readonly began: number; readonly ended: number }): string =>
  readable(one.ended - one.began)

function waiting(job: JobTime): string {
  const runner = job.waited >= 1000 ? `${readable(job.waited)} for a free runner` : ''
  if (job.after === null) return runner === '' ? '' : `; waited ${runner}`
  return `; waited for ${job.after}${runner === '' ? '' : `, then ${runner}`}`
}
