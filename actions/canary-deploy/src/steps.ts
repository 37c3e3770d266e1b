import { formatDuration, parseDuration } from '@alt-las/time'

/** One stage of the ramp: `weight` in percent of the service's traffic, held for at least `holdMs`. */
export interface Step {
  readonly weight: number
  readonly holdMs: number
}

const pattern = /^(\d+(?:\.\d)?)%(?::(\S+))?$/
const most = 20

/** `10%:30s, 50%:2m`, or one a line; a step without a time is held for 30 s. Throws an Error that says what was accepted. */
export function parseSteps(raw: string): readonly Step[] {
  const words = raw
    .split(/[\n,]/)
    .map((word) => word.trim())
    .filter((word) => word !== '')
  if (words.length === 0) throw new Error('got no step, expected for example 10%:30s, 50%:2m')
  if (words.length > most)
    throw new Error(`got ${String(words.length)} steps, expected at most ${String(most)}`)
  const steps = words.map(parseStep)
  steps.forEach((step, index) => {
    const before = steps[index - 1]?.weight ?? 0
    if (step.weight <= before)
      throw new Error(`got ${String(step.weight)}% after ${String(before)}%, expected weights that grow`)
  })
  return steps
}

function parseStep(word: string): Step {
  const match = pattern.exec(word)
  const weight = Number(match?.[1])
  const holdMs = match?.[2] === undefined ? 30_000 : parseDuration(match[2])
  if (match === null || holdMs === null)
    throw new Error(`got ${JSON.stringify(word)}, expected a weight and a time such as 10%:30s`)
  if (weight <= 0 || weight >= 100)
    throw new Error(
      `got ${JSON.stringify(word)}, expected a weight between 0.1% and 99.9%: promotion takes the last one to 100% by itself`,
    )
  return { weight, holdMs }
}

/** `10%:30s, 50%:2m`. */
export function formatSteps(steps: readonly Step[]): string {
  return steps.map(({ weight, holdMs }) => `${String(weight)}%:${formatDuration(holdMs)}`).join(', ')
}
