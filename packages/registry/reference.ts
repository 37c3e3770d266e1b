import { Failure } from '@alt-las/failure'
import { isDigest, type Digest } from './digest.ts'

/** An image's name in full: `registry/repository[:tag][@digest]`. */
export interface Reference {
  /** Host, with the port where one was given: `ghcr.io`, `localhost:5000`, `[::1]:5000`. */
  readonly registry: string
  /** `alt-las/api-gateway`; for Docker Hub's short names `library/postgres`. */
  readonly repository: string
  readonly tag?: string
  readonly digest?: Digest
}

const host =
  /^(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*|\[[0-9a-f:]+\])(?::\d{1,5})?$/i
const component = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*$/
const tagGrammar = /^\w[\w.-]{0,127}$/
const longestName = 255
const longestText = 600

/**
 * Reads a reference as docker does: a first part with a dot, a port or the name `localhost` is the registry, else it is Docker Hub.
 * A missing tag stays missing. Throws Failure `bad-reference` (fault input).
 */
export function parseReference(text: string): Reference {
  const bad = (what: string) => badReference(text, what)
  if (text.length > longestText) throw bad(`at most ${longestText} characters`)
  const [named = '', digest, ...more] = text.split('@')
  if (more.length > 0) throw bad('at most one @')
  if (digest !== undefined && !isDigest(digest))
    throw bad(`a digest of sha256: and 64 lower-case hex digits after @, not ${JSON.stringify(digest)}`)
  const { name, tag } = splitTag(named)
  if (tag !== undefined && !isTag(tag))
    throw bad('a tag of at most 128 letters, digits, dots, dashes and underscores')
  const { registry, repository } = splitRegistry(name)
  if (!isHost(registry)) throw bad(`a host name before the first slash, not ${JSON.stringify(registry)}`)
  if (repository !== repository.toLowerCase()) throw bad('a repository in lower case')
  if (!repository.split('/').every((part) => component.test(part)))
    throw bad('a repository of lower-case letters and digits with single . _ or - between them')
  if (registry.length + 1 + repository.length > longestName)
    throw bad(`a name of at most ${longestName} characters`)
  return {
    registry,
    repository,
    ...(tag === undefined ? {} : { tag }),
    ...(digest === undefined ? {} : { digest }),
  }
}

/** The full form, always with registry: `docker.io/library/postgres:15`. */
export function formatReference({ registry, repository, tag, digest }: Reference): string {
  return `${registry}/${repository}${tag === undefined ? '' : `:${tag}`}${digest === undefined ? '' : `@${digest}`}`
}

/**
 * The repository of an image's name, spelled in the one way in which names are compared: `docker.io/library/postgres` for `postgres:15`.
 * Tag and digest do not matter, also where they are none: a manifest may have a placeholder there. null where the text is no name of an image.
 */
export function repositoryIn(image: string): string | null {
  try {
    const { registry, repository } = parseReference(splitTag(image.split('@')[0] ?? '').name)
    return formatReference({ registry, repository })
  } catch (error) {
    if (error instanceof Failure) return null
    throw error
  }
}

/** A repository without tag or digest; upper case becomes lower case, with `changed` set. Throws Failure `bad-reference`. */
export function repositoryName(text: string): {
  readonly registry: string
  readonly repository: string
  readonly name: string
  readonly changed: boolean
} {
  const lowered = text.toLowerCase()
  const { registry, repository, tag, digest } = parseReference(lowered)
  if (tag !== undefined || digest !== undefined)
    throw badReference(text, 'a repository without tag and digest, such as ghcr.io/alt-las/api-gateway')
  return { registry, repository, name: `${registry}/${repository}`, changed: lowered !== text }
}

/** Text as a tag, the one way in which every action spells it: other characters become dashes, `1.2.3+a` is `1.2.3-a`; at most 128 characters. */
export function tagOf(text: string): string {
  return text
    .replace(/[^\w.-]+/g, '-')
    .replace(/^[.-]+/, '')
    .slice(0, 128)
}

export function isTag(text: string): boolean {
  return tagGrammar.test(text)
}

// A colon after the last slash begins the tag; one before it belongs to the registry's port.
function splitTag(named: string): { readonly name: string; readonly tag: string | undefined } {
  const colon = named.indexOf(':', named.lastIndexOf('/') + 1)
  if (colon === -1) return { name: named, tag: undefined }
  return { name: named.slice(0, colon), tag: named.slice(colon + 1) }
}

function splitRegistry(name: string): { readonly registry: string; readonly repository: string } {
  const slash = name.indexOf('/')
  const first = name.slice(0, Math.max(slash, 0))
  const isRegistry = /[.:]/.test(first) || first.toLowerCase() === 'localhost'
  const registry = isRegistry ? first.toLowerCase() : 'docker.io'
  const path = isRegistry ? name.slice(slash + 1) : name
  if (registry !== 'docker.io' && registry !== 'index.docker.io') return { registry, repository: path }
  return { registry: 'docker.io', repository: path === '' || path.includes('/') ? path : `library/${path}` }
}

function isHost(registry: string): boolean {
  const port = /:(\d+)$/.exec(registry)?.[1]
  return host.test(registry) && (port === undefined || (Number(port) > 0 && Number(port) < 65536))
}

function badReference(text: string, expected: string): Failure<'bad-reference'> {
  const shown = text.length > 120 ? `${text.slice(0, 117)}...` : text
  return new Failure('bad-reference', `got ${JSON.stringify(shown)}, expected ${expected}`, {
    fault: 'input',
  })
}
