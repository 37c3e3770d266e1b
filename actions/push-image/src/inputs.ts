import {
  choice,
  collect,
  duration,
  integer,
  list,
  mapped,
  optional,
  required,
  serviceName,
  text,
  type Parser,
  type Read,
} from '@alt-las/runner'
import { repositoryName } from '@alt-las/registry'
import { parseImmutable, type Immutable } from './tags/immutable.ts'
import { parseRules, type TagRule } from './tags/tag-rules.ts'

export interface Inputs {
  /** Whose step this is; null = by the names of the other inputs. */
  readonly service: string | null
  readonly operation: 'push' | 'preflight'
  readonly ociLayout: string
  readonly image: ReturnType<typeof repositoryName>
  readonly tags: readonly TagRule[]
  /** null where no scan is asked for, on purpose. */
  readonly scanReport: string | null
  /** Both or none. */
  readonly username: string
  readonly password: string
  /** For ghcr.io, where nothing else is known. */
  readonly githubToken: string
  readonly immutable: Immutable
  /** Repository paths of the image's registry. */
  readonly mountFrom: readonly string[]
  readonly concurrency: number
  readonly attempts: number
  /** ms */
  readonly timeout: number
  readonly gate: 'enforce' | 'report'
}

export function parse(read: Read): Inputs {
  return collect<Inputs>(read, {
    service: optional(serviceName),
    operation: choice(['push', 'preflight']),
    ociLayout: neededForPush('', read),
    image: mapped(required(text), repositoryName),
    tags: mapped(text, parseRules),
    scanReport: mapped(neededForPush(', or `none` to push what nobody scanned', read), (path) =>
      path === '' || path === 'none' ? null : path,
    ),
    username: together('password', read),
    password: together('username', read),
    githubToken: mapped(text, unlessTemplate),
    immutable: mapped(text, parseImmutable),
    mountFrom: mapped(list, (lines) => siblingsOf(lines, read('image').trim())),
    concurrency: integer({ min: 1, max: 32 }),
    attempts: integer({ min: 1, max: 20 }),
    timeout: duration,
    gate: choice(['enforce', 'report']),
  })
}

function neededForPush(way: string, read: Read): Parser<string> {
  return (raw) => {
    if (raw === '' && read('operation').trim() === 'push')
      throw new Error(`is required for operation push, got nothing, expected a path${way}`)
    return raw
  }
}

function together(other: string, read: Read): Parser<string> {
  return (raw) => {
    if (raw === '' && read(other).trim() !== '')
      throw new Error(`is required together with ${other}, got nothing`)
    return raw
  }
}

// Started by hand, outside a runner, nobody has put the token in the place of its expression.
function unlessTemplate(raw: string): string {
  return raw.startsWith('${{') ? '' : raw
}

function siblingsOf(lines: readonly string[], image: string): readonly string[] {
  const siblings = lines.map((line) => ({ line, ...repositoryName(line) }))
  const own = registryOf(image)
  const foreign = siblings.find(({ registry }) => own !== null && registry !== own)
  if (foreign !== undefined)
    throw new Error(
      `got ${JSON.stringify(foreign.line)}, expected repositories of ${own ?? ''}, where the image goes`,
    )
  return siblings.map(({ repository }) => repository)
}

function registryOf(image: string): string | null {
  try {
    return repositoryName(image).registry
  } catch {
    // The input `image` reports itself.
    return null
  }
}
