import { collect, list, optional, required, serviceName, text, type Parsed, type Read } from '@alt-las/runner'
import { stepNames, type StepName } from './checklist/step.ts'

/** A service of the release and the steps that are expected of it. */
export interface PlannedService {
  readonly name: string
  readonly steps: readonly StepName[]
}

export type Inputs = Parsed<typeof parsers>

export function parse(read: Read): Inputs {
  return collect(read, parsers)
}

const parsers = {
  /** null = by the names of the other inputs. */
  service: optional(serviceName),
  /** Glob patterns. */
  outcomes: required(list),
  release: required(text),
  /** Empty = all that the documents name. */
  services: plannedServices,
}

function plannedServices(raw: string, name: string): readonly PlannedService[] {
  const services = list(raw, name).map(parseService)
  const twice = services.find(
    (one, index) => services.findIndex((other) => other.name === one.name) !== index,
  )
  if (twice !== undefined) throw new Error(`got ${twice.name} twice, expected each service once`)
  return services
}

function parseService(line: string): PlannedService {
  const [, name = '', steps] = /^([A-Za-z0-9][\w.-]*)\s*(?::\s*(.*))?$/.exec(line) ?? []
  if (name === '') throw new Error(`got ${JSON.stringify(line)}, expected a service, or a service: its steps`)
  if (steps === undefined) return { name, steps: stepNames }
  return { name, steps: steps.split(',').map((one) => parseStep(one.trim())) }
}

function parseStep(raw: string): StepName {
  const step = stepNames.find((one) => one === raw)
  if (step === undefined)
    throw new Error(`got the step ${JSON.stringify(raw)}, expected one of ${stepNames.join(', ')}`)
  return step
}
