import { formatDuration, parseDuration } from '@alt-las/time'
import type { Step } from '../model/plan.ts'

export interface Steps {
  /** Stops before the first weight. */
  readonly pauseAtPreview: boolean
  /** `auto`: the judge's adaptive ramp. */
  readonly steps: readonly Step[] | 'auto'
}

const pattern = /^(\d+(?:\.\d)?)%(?::(\S+))?$/
const most = 20

/** `auto`, or `10%:30s, pause, 50%:2m`, or one a line; a step without a time is held for 30 s. Throws an Error that names the expected form. */
export function parseSteps(raw: string): Steps {
  if (raw.trim() === 'auto') return { pauseAtPreview: false, steps: 'auto' }
  const words = raw
    .split(/[\n,]/)
    .map((word) => word.trim())
    .filter((word) => word !== '')
  if (words.every((word) => word === 'pause'))
    throw new Error(
      `got ${words.length === 0 ? 'no step' : 'no weight'}, expected auto, or for example 10%:30s, 50%:2m`,
    )
  if (words.length > most) throw new Error(`got ${words.length} steps, expected at most ${most}`)
  if (words.some((word, index) => word === 'pause' && words[index + 1] === 'pause'))
    throw new Error('got two pauses in a row, expected a weight between them')
  const steps = words.flatMap((word, index) =>
    word === 'pause' ? [] : [{ ...parseStep(word), ...paused(words[index + 1] === 'pause') }],
  )
  steps.forEach((step, index) => {
    const before = steps[index - 1]?.weight ?? 0
    if (step.weight <= before)
      throw new Error(`got ${step.weight}% after ${before}%, expected weights that grow`)
  })
  return { pauseAtPreview: words[0] === 'pause', steps }
}

/** `preview`, or the weight of one of the steps such as `25%`; '' = none. Throws an Error that names the expected values. */
export function pauseAt(raw: string, { pauseAtPreview, steps }: Steps): Steps {
  if (raw === '') return { pauseAtPreview, steps }
  if (raw === 'preview') return { pauseAtPreview: true, steps }
  if (steps === 'auto')
    throw new Error(
      `got ${JSON.stringify(raw)}, expected preview: with steps auto no weight is known in advance`,
    )
  const weight = Number(/^(\d+(?:\.\d)?)%$/.exec(raw)?.[1])
  if (!steps.some((step) => step.weight === weight)) {
    const known = steps.map((step) => `${step.weight}%`).join(', ')
    throw new Error(`got ${JSON.stringify(raw)}, expected preview or one of the steps: ${known}`)
  }
  return {
    pauseAtPreview,
    steps: steps.map((step) => ({ ...step, ...paused(step.weight === weight) })),
  }
}

const paused = (yes: boolean): Pick<Step, 'pause'> => (yes ? { pause: true } : {})

function parseStep(word: string): Step {
  const match = pattern.exec(word)
  const weight = Number(match?.[1])
  const holdMs = match?.[2] === undefined ? 30_000 : parseDuration(match[2])
  if (match === null || holdMs === null)
    throw new Error(`got ${JSON.stringify(word)}, expected a weight and a time such as 10%:30s, or pause`)
  if (weight <= 0 || weight >= 100)
    throw new Error(
      `got ${JSON.stringify(word)}, expected a weight between 0.1% and 99.9%: promotion takes the last one to 100% by itself`,
    )
  return { weight, holdMs }
}

/** `10%:30s, pause, 50%:2m`. */
export function formatSteps(steps: readonly Step[]): string {
  return steps
    .map(
      ({ weight, holdMs, pause }) => `${weight}%:${formatDuration(holdMs)}${pause === true ? ', pause' : ''}`,
    )
    .join(', ')
}
