import { otherFrontend, type Dockerfile, type Instruction } from '../dockerfile/dockerfile.ts'
import {
  contextOf,
  findStage,
  reachable,
  stagesOf,
  type Stage,
  type StageOptions,
  type Step,
} from '../dockerfile/stages.ts'
import { isUnknown, type Unknown } from '../dockerfile/value.ts'
import { credentialIn } from './credential.ts'
import type { Practice, Rule } from './rule.ts'

export interface SourceOptions extends StageOptions {
  readonly testTarget: string | null
}

/** The rules that only the source shows: pinned bases, fetched URLs, credentials in ENV and ARG. */
export function judgeSource(dockerfile: Dockerfile, options: SourceOptions): Practice {
  const stages = stagesOf(dockerfile, options)
  const roots = [findStage(stages, options.target), testStage(stages, options)].filter((one) => one !== null)
  const used = reachable(stages, roots)
  // This argument chooses the frontend, whatever the file says.
  const problem = dockerfile.problem ?? otherFrontend(options.buildArgs.get('BUILDKIT_SYNTAX') ?? null)
  const parts = [
    ...used.flatMap((stage) => bases(stage, stages, options)),
    ...used.flatMap(addedUrls),
    ...dockerfile.instructions.flatMap((one) => (one.name === 'ARG' ? exposedArguments(one) : [])),
    ...stages.flatMap(({ steps }) => steps.flatMap(exposed)),
    ...(problem === null ? [] : unread(problem)),
  ]
  return {
    findings: parts.flatMap((one) => ('message' in one ? [one] : [])),
    unjudged: parts.flatMap((one) => ('because' in one ? [one] : [])),
  }
}

type Judged = Practice['findings'][number] | Practice['unjudged'][number]

function testStage(stages: readonly Stage[], { testTarget }: SourceOptions): Stage | null {
  return testTarget === null ? null : findStage(stages, testTarget)
}

function bases(stage: Stage, stages: readonly Stage[], options: SourceOptions): readonly Judged[] {
  const line = stage.from.line
  if (stage.context !== null)
    return pinned(stage.context.replace(/^docker-image:\/\//, ''), line, stage.context)
  const own = stage.parent === null ? [{ name: stage.base, line }] : []
  const copied = stage.steps.flatMap(({ copiesFrom, instruction }) =>
    copiesFrom.map((name) => ({ name, line: instruction.line })),
  )
  const foreign = copied.filter(({ name }) => isUnknown(name) || findStage(stages, name) === null)
  return [...own, ...foreign].flatMap((one) => {
    if (isUnknown(one.name)) return [unjudged('pinned-base', one.line, one.name)]
    if (one.name === '') return [unjudged('pinned-base', one.line, { because: 'its variable has no value' })]
    const context = contextOf(options, one.name)
    return pinned(context?.replace(/^docker-image:\/\//, '') ?? one.name, one.line, context)
  })
}

// A directory or a layout comes from the runner; only images come from a registry.
function pinned(image: string, line: number, context: string | null): readonly Judged[] {
  const isImage = context === null || context.startsWith('docker-image://')
  if (!isImage || image === 'scratch' || /@sha(?:256:[0-9a-f]{64}|512:[0-9a-f]{128})$/.test(image)) return []
  return [
    { rule: 'pinned-base', line, message: `${image} is not pinned by digest; name it as image@sha256:…` },
  ]
}

function addedUrls(stage: Stage): readonly Judged[] {
  return stage.steps.flatMap(({ adds, instruction: { flags, line } }) => {
    if (flags.some(([flag, value]) => flag === 'checksum' && value !== '')) return []
    return adds.flatMap((source): readonly Judged[] => {
      if (isUnknown(source)) return [unjudged('add-url', line, source)]
      if (!isUrl(source) || isCommit(source)) return []
      const message = `ADD fetches ${withoutUser(source)} without a checksum; use ADD --checksum=sha256:… or COPY`
      return [{ rule: 'add-url', line, message }]
    })
  })
}

function isUrl(source: string): boolean {
  return /^(?:(?:https?|git|ssh):\/\/|[\w.-]+@[\w.-]+:)/i.test(source)
}

// A git repository at a full commit id has fixed content.
function isCommit(source: string): boolean {
  return /#[0-9a-f]{40}(?::[^#]*)?$/.test(source)
}

function withoutUser(url: string): string {
  return url.replace(/\/\/[^/@]*@/, '//')
}

// A default that looks like a credential counts as written, wherever the ARG stands.
function exposedArguments({ assignments, line }: Instruction): readonly Judged[] {
  return assignments.flatMap(([key, value]) => {
    const why = credentialIn(key, value?.replaceAll(/["']/g, '') ?? null)
    return why === null ? [] : [readable(why, line)]
  })
}

function exposed({ instruction: { name, line }, sets }: Step): readonly Judged[] {
  if (name !== 'ENV') return []
  return sets.flatMap(([key, value]) => {
    const why = credentialIn(key, isUnknown(value) ? null : value)
    return why === null ? [] : [readable(why, line)]
  })
}

function readable(why: string, line: number): Judged {
  const message = `${why} and stays readable in the image; use RUN --mount=type=secret`
  return { rule: 'secret-in-env', line, message }
}

function unread(because: string): readonly Judged[] {
  return (['pinned-base', 'add-url', 'secret-in-env'] as const).map((rule) => ({ rule, line: 1, because }))
}

function unjudged(rule: Rule, line: number, { because }: Unknown): Judged {
  return { rule, line, because }
}
