import { readFileSync } from 'node:fs'
import type { Scenario } from './scenario.ts'

const known: Readonly<Record<keyof Scenario, 'number' | 'string' | 'object' | 'boolean'>> = {
  name: 'string',
  truth: 'string',
  rps: 'number',
  base: 'number',
  least: 'number',
  weight: 'number',
  canary: 'object',
  incidents: 'object',
  drift: 'number',
  swing: 'number',
  bursts: 'object',
  hiccups: 'object',
  pods: 'boolean',
  misses: 'number',
  retries: 'number',
  bias: 'number',
  gaps: 'number',
  gapLength: 'number',
  resets: 'number',
  misaligned: 'number',
  coldStart: 'number',
  jitter: 'number',
  noHistory: 'boolean',
  afterSwitch: 'object',
}

/** Foreign scenarios: a JSON list. Throws if a field is unknown, of another type, or missing. */
export function readScenarios(path: string): readonly Scenario[] {
  const list: unknown = JSON.parse(readFileSync(path, 'utf8'))
  if (!Array.isArray(list)) throw new RangeError(`${path} holds no list of scenarios`)
  return list.map((each: unknown, i) => {
    const scenario = each as Readonly<Record<string, unknown>>
    for (const [field, value] of Object.entries(scenario)) {
      const type = known[field as keyof Scenario] as string | undefined
      if (type === undefined || typeof value !== type) {
        throw new RangeError(
          `${path}: scenario ${i + 1}: ${field} is ${JSON.stringify(value)}, expected ${type ?? `one of ${Object.keys(known).join(', ')}`}`,
        )
      }
    }
    for (const field of ['name', 'truth', 'rps', 'base']) {
      if (!(field in scenario)) throw new RangeError(`${path}: scenario ${i + 1} has no ${field}`)
    }
    if (scenario['truth'] !== 'healthy' && scenario['truth'] !== 'bad')
      throw new RangeError(`${path}: truth is ${JSON.stringify(scenario['truth'])}, expected healthy or bad`)
    return scenario as unknown as Scenario
  })
}
