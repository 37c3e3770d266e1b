import { looksLikeCredential } from '@alt-las/secrets'
import type { Dockerfile, Instruction } from '../dockerfile/dockerfile.ts'
import { findStage, lineage, stagesOf, type StageOptions } from '../dockerfile/stages.ts'
import { expand } from '../dockerfile/words.ts'
import { readConfig, type ImageConfig, type PlatformImage } from '../image.ts'
import { largestUserId } from '../user-id.ts'
import { credentialIn } from './credential.ts'
import type { PracticeFinding, Practice, Rule } from './rule.ts'

/** The rules that the built image answers: user, health check, start command, environment and history. */
export function judgeImage(
  config: ImageConfig,
  dockerfile: Dockerfile,
  options: StageOptions,
): readonly PracticeFinding[] {
  const source = sourceOf(dockerfile, options)
  return [
    ...user(config, source),
    ...health(config, source),
    ...exposed(config, source),
    ...shells(config, source),
  ]
}

/** Findings that the Dockerfile predicts for an image that is not built, so that a refusal lists them too. */
export function expectedFindings(dockerfile: Dockerfile, options: StageOptions): readonly PracticeFinding[] {
  const source = sourceOf(dockerfile, options)
  const name = last(source, 'USER')?.rest
  const named =
    name === undefined ? '' : expand(name, (variable) => ({ because: variable }), dockerfile.escape)
  const isOff = /^NONE\b/i.test(last(source, 'HEALTHCHECK')?.rest ?? '')
  return [
    ...(typeof named === 'string' && named !== '' ? user({ ...silent, user: named }, source) : []),
    ...(isOff ? health(silent, source) : []),
    ...shells(silent, source),
  ]
}

const silent = readConfig({})

/** The instructions that made the image, for line numbers. Findings of the base image get the line of FROM. */
interface Source {
  readonly fromLine: number
  readonly instructions: readonly Instruction[]
}

function sourceOf(dockerfile: Dockerfile, options: StageOptions): Source {
  const stage = findStage(stagesOf(dockerfile, options), options.target)
  return stage === null
    ? { fromLine: 1, instructions: [] }
    : { fromLine: stage.from.line, instructions: lineage(stage) }
}

function user(config: ImageConfig, source: Source): readonly PracticeFinding[] {
  if (!isRoot(config.user)) return []
  const who =
    config.user === '' ? 'USER is empty, so the image runs as root' : `the image runs as ${config.user}`
  return [
    finding(
      'non-root-user',
      last(source, 'USER')?.line ?? source.fromLine,
      `${who}; set a numeric USER other than 0`,
    ),
  ]
}

/** The user rule if the name alone is not enough: another name of the user 0, or a name with an unknown number. */
export function judgeUserId(
  { config: { user: name }, userId }: Pick<PlatformImage, 'config' | 'userId'>,
  dockerfile: Dockerfile,
  options: StageOptions,
): Practice {
  const source = sourceOf(dockerfile, options)
  const rule = 'non-root-user'
  const line = last(source, 'USER')?.line ?? source.fromLine
  if (isRoot(name)) return { findings: [], unjudged: [] }
  if (userId.kind === 'unknown') {
    const because = `the number of the user ${JSON.stringify(name)} is not known: ${userId.because}`
    return { findings: [], unjudged: [{ rule, line, because }] }
  }
  const why = whyRoot(userId.id)
  if (why === null) return { findings: [], unjudged: [] }
  const message = `the image runs as ${JSON.stringify(name)}, ${why}; set a numeric USER other than 0`
  return { findings: [finding(rule, line, message)], unjudged: [] }
}

function whyRoot(id: number): string | null {
  if (id === 0) return 'another name of root in its /etc/passwd'
  return id > largestUserId ? `a number above ${largestUserId}, which some engines take for root` : null
}

/** `''`, `root`, `0` and `0:0`: a container of this user runs as root. */
export function isRoot(name: string): boolean {
  return /^(?:root|[+-]?0*)$/.test(name.split(':')[0]?.trim() ?? '')
}

function health(config: ImageConfig, source: Source): readonly PracticeFinding[] {
  if (config.hasHealthcheck) return []
  const line = last(source, 'HEALTHCHECK')?.line ?? source.fromLine
  return [
    finding('healthcheck', line, 'the image has no HEALTHCHECK; add one whose command checks the service'),
  ]
}

// The source rules cover ENV and ARG of the Dockerfile; this covers the base image, ONBUILD and RUN.
function exposed(config: ImageConfig, source: Source): readonly PracticeFinding[] {
  const own = new Set(source.instructions.flatMap(({ assignments }) => assignments.map(([key]) => key)))
  const variables = config.environment.flatMap(([key, value]) => {
    const why = own.has(key) ? null : credentialIn(key, value)
    return why === null
      ? []
      : [finding('secret-in-env', source.fromLine, `${why}, set by the base image; use another base`)]
  })
  const isShown = config.history.some((entry) => looksLikeCredential(entry))
  if (!isShown) return variables
  const line = source.instructions.find(({ rest }) => looksLikeCredential(rest))?.line ?? source.fromLine
  const message = "the image's history shows a credential; use RUN --mount=type=secret"
  return [...variables, finding('secret-in-env', line, message)]
}

function shells(config: ImageConfig, source: Source): readonly PracticeFinding[] {
  const isSilent = config.entrypoint.length === 0 && config.cmd.length === 0
  const commands = { ENTRYPOINT: config.entrypoint, CMD: config.cmd }
  return (['ENTRYPOINT', 'CMD'] as const).flatMap((kind) => {
    const instruction = last(source, kind)
    const words = commands[kind]
    // A later ENTRYPOINT takes the CMD of the base away.
    if (words.length === 0 && !isSilent) return []
    if (instruction === undefined)
      return startsShell(words) ? [shellForm(kind, source.fromLine, ' comes from the base')] : []
    if (instruction.exec !== null || instruction.rest === '') return []
    return [shellForm(kind, instruction.line, '')]
  })
}

function shellForm(kind: string, line: number, origin: string): PracticeFinding {
  const message = `${kind}${origin === '' ? '' : origin} in shell form: a shell gets the signals instead of the service; write it as a JSON list`
  return finding('exec-form', line, message)
}

// `sh -c "exec …"` hands its process over to the service.
function startsShell(words: readonly string[]): boolean {
  const [command = '', flag = '', text = ''] = words
  const isShell = /(?:^|\/)(?:ba|da|a|z|k)?sh$/.test(command) && /^-[a-z]*c$/.test(flag)
  return isShell && !/^\s*exec\s/.test(text)
}

function last({ instructions }: Source, kind: string): Instruction | undefined {
  return instructions.findLast(({ name }) => name === kind)
}

function finding(rule: Rule, line: number, message: string): PracticeFinding {
  return { rule, line, message }
}
