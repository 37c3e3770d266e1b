import type { ReleasedImage } from '@alt-las/outcome'
import { isDocumentPath } from '@alt-las/outcome'
import { readOneYaml } from '@alt-las/yaml'

/** Files that `targets` names. Both throw an Error that says what is missing. */
export interface TargetFiles {
  readonly textAt: (path: string) => string
  /** The images in the push-image documents that a glob pattern finds. */
  readonly imagesAt: (pattern: string) => readonly ReleasedImage[]
}

/** One target: its own inputs as texts, by their names. */
export interface TargetEntry {
  readonly deployment: string
  readonly needs: readonly string[]
  readonly inputs: Readonly<Record<string, string>>
}

export interface ParsedTargets {
  readonly entries: readonly TargetEntry[]
  /** Each as `what: got X, expected Y`. */
  readonly problems: readonly string[]
}

/** More services than any release has, and more text than any list of them. */
const mostTargets = 200
const mostCharacters = 64 * 1024
/** More inputs than there are. */
const mostKeys = 100

/**
 * The targets of a release: a list of them, or `outcomes`: the images of push-image's documents, each with its manifests. `accepted`: the inputs that a
 * target may have of its own. Never throws.
 */
export function parseTargets(raw: string, accepted: readonly string[], files: TargetFiles): ParsedTargets {
  try {
    const text = isPath(raw) ? files.textAt(raw.trim()) : raw
    if (text.length > mostCharacters)
      return none(`got ${text.length} characters, expected at most ${mostCharacters}`)
    const read = readOneYaml(text)
    if (read.kind === 'mistake') return none(`line ${read.line}: ${read.what}`)
    const { value } = read
    if (isMapping(value) && 'outcomes' in value) return fromOutcomes(value, accepted, files)
    if (Array.isArray(value) && value.length > mostTargets)
      return none(`got ${value.length} targets, expected at most ${mostTargets}`)
    if (!Array.isArray(value)) return none(`got ${kindOf(value)}, expected a list of targets, or outcomes`)
    return checked(value.map((one, index) => entryOf(one, `target ${index + 1}`, accepted)))
  } catch (error) {
    return none(error instanceof Error ? error.message : String(error))
  }
}

const isPath = (raw: string): boolean => /^[^\n]+\.ya?ml$/.test(raw.trim())

/** An entry with its problems. */
interface Read {
  readonly entry: TargetEntry
  readonly problems: readonly string[]
}

function checked(read: readonly Read[]): ParsedTargets {
  const entries = read.map(({ entry }) => entry)
  const problems = read.flatMap((one) => one.problems)
  if (entries.length < 1) problems.push('got an empty list, expected at least one target')
  return { entries, problems }
}

function entryOf(value: unknown, where: string, accepted: readonly string[]): Read {
  const empty = { deployment: '', needs: [], inputs: {} }
  if (!isMapping(value))
    return {
      entry: empty,
      problems: [`${where}: got ${kindOf(value)}, expected a mapping with \`deployment\``],
    }
  const { needs: rawNeeds = [], ...own } = value
  const name = typeof own['deployment'] === 'string' ? own['deployment'] : ''
  const at = name === '' ? where : name.slice(0, 63)
  const problems: string[] = name === '' ? [`${where}: deployment: is required, got nothing`] : []
  const needs = textsOf(rawNeeds)
  if (needs === null) problems.push(`${at}: needs: got ${kindOf(rawNeeds)}, expected names of targets`)
  const inputs: Record<string, string> = {}
  const keys = Object.entries(own)
  if (keys.length > mostKeys) problems.push(`${at}: got ${keys.length} inputs, expected at most ${mostKeys}`)
  for (const [key, given] of keys.slice(0, mostKeys)) {
    const texts = textsOf(given)
    if (!accepted.includes(key))
      problems.push(
        `${at}: ${key.slice(0, 63)}: got an input that a target has not, expected one of ${accepted.join(', ')}`,
      )
    else if (texts === null)
      problems.push(`${at}: ${key}: got ${kindOf(given)}, expected a text or a list of texts`)
    else inputs[key] = texts.join('\n')
  }
  return { entry: { deployment: name, needs: needs ?? [], inputs }, problems }
}

/** `outcomes`: a pattern of push-image's documents; `manifests`: paths with `{service}`; `needs`: by service. All else is for each target. */
function fromOutcomes(
  value: Readonly<Record<string, unknown>>,
  accepted: readonly string[],
  files: TargetFiles,
): ParsedTargets {
  const { outcomes, needs = {}, ...common } = value
  if (typeof outcomes !== 'string' || !isDocumentPath(outcomes))
    return none(`outcomes: got ${kindOf(outcomes)}, expected a pattern such as outcomes/*/push-image.json`)
  if (!isMapping(needs))
    return none(`needs: got ${kindOf(needs)}, expected a mapping from service to services`)
  const images = files.imagesAt(outcomes)
  if (images.length > mostTargets)
    return none(`outcomes: got ${images.length} images, expected at most ${mostTargets}`)
  const strangers = Object.keys(needs).filter((name) => !images.some(({ service }) => service === name))
  const found = checked(
    images.map(({ service, image }) => {
      const own = inserted(common, service)
      const target = {
        deployment: service,
        image,
        ...(isMapping(own) ? own : {}),
        needs: needs[service] ?? [],
      }
      return entryOf(target, service, accepted)
    }),
  )
  const unknown = strangers.map((name) => `needs: ${name.slice(0, 63)} is no service of ${outcomes}`)
  return { ...found, problems: [...found.problems, ...unknown] }
}

/** With the service's name for `{service}`. */
function inserted(value: unknown, service: string): unknown {
  if (typeof value === 'string') return value.replaceAll('{service}', service)
  if (Array.isArray(value)) return value.map((one) => inserted(one, service))
  if (!isMapping(value)) return value
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, inserted(one, service)]))
}

/** A scalar, or a list of them; null for anything else. */
function textsOf(value: unknown): readonly string[] | null {
  const list: readonly unknown[] = Array.isArray(value) ? value : [value]
  return list.every((one) => ['string', 'number', 'boolean'].includes(typeof one)) ? list.map(String) : null
}

const isMapping = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function kindOf(value: unknown): string {
  if (value === null || value === undefined) return 'nothing'
  if (Array.isArray(value)) return 'a list'
  return typeof value === 'object' ? 'a mapping' : JSON.stringify(value).slice(0, 80)
}

const none = (problem: string): ParsedTargets => ({ entries: [], problems: [problem] })
