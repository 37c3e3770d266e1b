import type { Process } from '@alt-las/process'
import { normalPlatform } from '@alt-las/registry'
import type { Buildx } from './buildx.ts'

/** The builder's own platform, which BUILDPLATFORM names in a Dockerfile; null if the builder does not report it. */
export async function findBuilderPlatform(
  { command, prefix }: Buildx,
  builder: string | null,
  process: Pick<Process, 'ask'>,
): Promise<string | null> {
  const named = builder === null ? [] : [builder]
  const { code, stdout } = await process.ask(command, [...prefix, 'inspect', ...named])
  return code === 0 ? nativeIn(stdout) : null
}

/** Each node lists its own platform first, `Platforms: linux/amd64, linux/386`; configured platforms come first, marked with `*`. */
export function nativeIn(inspected: string): string | null {
  const lists = inspected.split('\n').flatMap((line) => /^Platforms:\s+(.*)$/.exec(line)?.[1] ?? [])
  const own = lists.map((list) => (list.includes('*') ? '' : (list.split(',')[0] ?? '').trim()))
  const [first, ...others] = new Set(own)
  // Nodes of several platforms: which of them builds is not known.
  if (first === undefined || others.length > 0 || !/^[a-z0-9]+\/[a-z0-9_]+(?:\/[a-z0-9.]+)?$/.test(first))
    return null
  return normalPlatform(first)
}
