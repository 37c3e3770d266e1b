import { credentialIn } from './credential.ts'
import type { Instruction } from '../dockerfile/dockerfile.ts'
import type { Finding, Rule } from './rule.ts'
import {
  assignments,
  findStage,
  lineage,
  reachable,
  sourcesOf,
  stagesOf,
  substitute,
  type Stage,
  type Variables,
} from '../dockerfile/stages.ts'

export interface Practice {
  readonly findings: readonly Finding[]
  /** Rules that this Dockerfile leaves to its base image: the built image decides. The line is the one to change. */
  readonly open: readonly { readonly rule: 'non-root-user' | 'healthcheck'; readonly line: number }[]
}

export interface PracticeOptions {
  readonly target: string
  readonly testTarget: string
  readonly buildArgs: Variables
  /** Names that are replaced by build contexts: what they hold is not for the Dockerfile to pin. */
  readonly contexts: ReadonlyMap<string, string>
}

/** What a reviewer would say of this Dockerfile; null where it has no stage `target`, which the builder will say too. */
export function judgePractice(
  instructions: readonly Instruction[],
  options: PracticeOptions,
): Practice | null {
  const stages = stagesOf(instructions, options.buildArgs)
  const stage = findStage(stages, options.target)
  if (stage === null) return null
  const test = options.testTarget === '' ? null : findStage(stages, options.testTarget)
  const used = reachable(stages, test === null ? [stage] : [stage, test])
  const whole = lineage(stage)
  const user = judgeUser(whole, stage)
  const health = judgeHealth(whole, stage)
  const findings = [
    ...user.findings,
    ...health.findings,
    ...used.flatMap((one) => unpinned(one, stages, options.contexts)),
    ...used.flatMap((one) => one.instructions.flatMap((instruction) => addedUrl(instruction, one))),
    ...instructions.filter(({ name }) => name === 'ENV' || name === 'ARG').flatMap(exposedSecret),
    ...shellForm(whole),
  ]
  return { findings: findings.toSorted((a, b) => a.line - b.line), open: [...user.open, ...health.open] }
}

function judgeUser(whole: readonly Instruction[], stage: Stage): Practice {
  const last = whole.findLast(({ name }) => name === 'USER')
  if (last === undefined) return { findings: [], open: [{ rule: 'non-root-user', line: stage.from.line }] }
  const user = substitute(last.rest, stage.variables)
  if (!isRoot(user)) return none
  return {
    findings: [
      finding(
        'non-root-user',
        last.line,
        `the image runs as ${user === '' ? 'nobody named' : user}; set a numeric USER other than 0`,
      ),
    ],
    open: [],
  }
}

/** `''`, `root`, `0` and `0:0`: who a container runs as without a user. */
export function isRoot(user: string): boolean {
  return /^(?:root|0*)$/.test(user.split(':')[0]?.trim() ?? '')
}

function judgeHealth(whole: readonly Instruction[], stage: Stage): Practice {
  const last = whole.findLast(({ name }) => name === 'HEALTHCHECK')
  if (last === undefined) return { findings: [], open: [{ rule: 'healthcheck', line: stage.from.line }] }
  if (!/^NONE\b/i.test(last.rest)) return none
  return {
    findings: [
      finding(
        'healthcheck',
        last.line,
        'HEALTHCHECK NONE switches the check off; give a command that tells health',
      ),
    ],
    open: [],
  }
}

function unpinned(
  stage: Stage,
  stages: readonly Stage[],
  contexts: ReadonlyMap<string, string>,
): readonly Finding[] {
  const bases = stage.parent === null ? [{ name: stage.base, line: stage.from.line }] : []
  const copied = sourcesOf(stage).filter(({ name }) => findStage(stages, name) === null)
  return [...bases, ...copied].flatMap(({ name, line }) => {
    const image = contexts.get(name) ?? name
    if (
      image === 'scratch' ||
      isPinned(image) ||
      (contexts.has(name) && !image.startsWith('docker-image://'))
    )
      return []
    const what = image === '' ? 'a base image whose variable has no value' : image
    return [finding('pinned-base', line, `${what} is not pinned by digest; name it as image@sha256:…`)]
  })
}

function isPinned(image: string): boolean {
  return /@sha256:[0-9a-f]{64}$/.test(image)
}

function addedUrl({ name, rest, exec, flags, line }: Instruction, stage: Stage): readonly Finding[] {
  if (name !== 'ADD' || flags.some(([flag]) => flag === 'checksum')) return []
  const sources = (exec ?? rest.split(/\s+/)).slice(0, -1).map((one) => substitute(one, stage.variables))
  const url = sources.find((one) => /^(?:https?:\/\/|git@|git:\/\/|ssh:\/\/)/i.test(one))
  if (url === undefined) return []
  return [
    finding(
      'add-url',
      line,
      `ADD fetches ${url.replace(/\/\/[^/@]*@/, '//')} without a checksum; use ADD --checksum=sha256:… or COPY`,
    ),
  ]
}

function exposedSecret(instruction: Instruction): readonly Finding[] {
  return assignments(instruction).flatMap(([key, value]) => {
    const why = credentialIn(key, value)
    return why === null
      ? []
      : [
          finding(
            'secret-in-env',
            instruction.line,
            `${why} and stays readable in the image; use RUN --mount=type=secret`,
          ),
        ]
  })
}

function shellForm(whole: readonly Instruction[]): readonly Finding[] {
  return (['ENTRYPOINT', 'CMD'] as const).flatMap((kind) => {
    const last = whole.findLast(({ name }) => name === kind)
    if (last === undefined || last.exec !== null || last.rest === '') return []
    return [
      finding(
        'exec-form',
        last.line,
        `${kind} in shell form: a shell gets the signals instead of the service; write it as a JSON list`,
      ),
    ]
  })
}

const none: Practice = { findings: [], open: [] }

function finding(rule: Rule, line: number, message: string): Finding {
  return { rule, line, message }
}
