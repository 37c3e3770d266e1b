import { existsSync, mkdirSync, readdirSync, rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { readable } from '../base/duration.ts'
import { at, tool, type Lab } from '../base/lab.ts'
import { must } from '../base/run.ts'
import type { GoBuild } from '../versions.ts'
import { isCached } from './cached.ts'
import { buildGo, keyOfBuild } from './go.ts'

/** Two builds fill the time in which one of them links, or compiles a package that everything else waits for. A build takes up to 4 GiB. */
const width = 2

interface Wanted {
  readonly build: GoBuild
  readonly key: string
}

/**
 * Builds what is not in the cache yet at low priority, the slowest first, and links every program into the lab's `bin`.
 * Says every ten seconds what is being built.
 */
export async function buildTools(lab: Lab, builds: readonly GoBuild[]): Promise<void> {
  const compiler = (await must('go', ['version'], { env: { ...lab.environment } })).trim()
  const wanted = builds.map((build) => ({ build, key: keyOfBuild(lab, build, compiler) }))
  const missing = slowestFirst(wanted.filter(({ build, key }) => !isCached(lab, build.name, key)))
  if (missing.length > 0) {
    const usual = missing.reduce((sum, { build }) => sum + build.usual, 0)
    lab.log(
      `to build: ${missing.map(({ build }) => titleOf(build)).join(', ')}; about ${readable(usual * 1000)} when nothing of Go is cached`,
    )
  }
  await sideBySide(missing, width, (one) => buildAloud(lab, one))
  for (const { build, key } of wanted) linkAll(lab, await buildGo(lab, build, key))
}

/** kubectl is one of the programs in hyperkube. */
export const linkKubectl = (lab: Lab): void => {
  link(tool(lab, 'hyperkube'), tool(lab, 'kubectl'))
}

/** The last ones to begin are short: no build is left alone for long. */
export const slowestFirst = <T extends Pick<Wanted, 'build'>>(builds: readonly T[]): readonly T[] =>
  builds.toSorted((one, other) => other.build.usual - one.build.usual)

/** Works on all of them, so many at a time, begun in their order. After a failure none begins; it is thrown once those that run have ended. */
export async function sideBySide<T>(
  all: readonly T[],
  width: number,
  work: (one: T) => Promise<unknown>,
): Promise<void> {
  const queue = all.values()
  const failures: unknown[] = []
  const worker = async () => {
    for (const one of queue) {
      if (failures.length > 0) return
      await work(one).catch((error: unknown) => failures.push(error))
    }
  }
  await Promise.all(Array.from({ length: width }, worker))
  if (failures.length > 0) throw failures[0]
}

const titleOf = (build: GoBuild): string => `${build.name} ${build.module.version.replace(/^v/, '')}`.trim()

async function buildAloud(lab: Lab, { build, key }: Wanted): Promise<void> {
  const begun = lab.clock.now()
  const title = titleOf(build)
  lab.log(`building ${title}`)
  const timer = setInterval(() => {
    lab.log(`building ${title} ${readable(lab.clock.now() - begun)}`)
  }, 10_000)
  try {
    await buildGo(lab, build, key)
    lab.log(`built ${title} in ${readable(lab.clock.now() - begun)}`)
  } finally {
    clearInterval(timer)
  }
}

function linkAll(lab: Lab, folder: string): void {
  mkdirSync(at(lab, 'bin'), { recursive: true })
  for (const name of readdirSync(folder)) link(join(folder, name), tool(lab, name))
}

function link(target: string, name: string): void {
  if (existsSync(name)) rmSync(name)
  rmSync(name, { force: true })
  symlinkSync(target, name)
}
