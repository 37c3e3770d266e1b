import {
  collect,
  list,
  optional,
  required,
  serviceName,
  text,
  type Parsed,
  type Read,
  type Rule,
} from '@alt-las/runner'
import { releaseSteps, stepNames, type StepName } from './checklist/step.ts'

/** A service of the release and the steps that are expected of it. */
export interface PlannedService {
  readonly name: string
  readonly steps: readonly StepName[]
}

export type Inputs = Parsed<typeof parsers>

export function parse(read: Read): Inputs {
  return collect(read, parsers, rules)
}

const parsers = {
  /** null = by the names of the other inputs. */
  service: optional(serviceName),
  /** Glob patterns. */
  outcomes: required(list),
  release: required(text),
  /** Empty = all that the documents name. */
  services: plannedServices,
  /** Label of the one issue; null: none is opened. */
  issue: optional(text),
  /** File of a workflow; null: none is started. */
  startWorkflow: optional(text),
  githubToken: optional(text),
}

const rules: readonly Rule<Inputs>[] = [
  ({ issue, startWorkflow, githubToken }) =>
    (issue !== null || startWorkflow !== null) && githubToken === null
      ? 'github-token: is required by issue and start-workflow'
      : null,
]

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
  if (steps === undefined) return { name, steps: releaseSteps }
  return { name, steps: steps.split(',').map((one) => parseStep(one.trim())) }
}

function parseStep(raw: string): StepName {
  const step = stepNames.find((one) => one === raw)
  if (step === undefined)
    throw new Error(`got the step ${JSON.stringify(raw)}, expected one of ${stepNames.join(', ')}`)
  return step
}
