import { existsSync, mkdirSync, readdirSync, rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { readable } from '../base/duration.ts'
import { at, tool, type Lab } from '../base/lab.ts'
import { must } from '../base/run.ts'
import { goBuilds, type GoBuild } from '../versions.ts'
import { isCached } from './cached.ts'
import { buildGo, keyOfBuild } from './go.ts'

/**
 * Builds what is not in the cache yet, one after another and at low priority, and links every program into the lab's `bin`.
 * Says every ten seconds what is being built.
 */
export async function buildTools(lab: Lab): Promise<void> {
  const compiler = (await must('go', ['version'], { env: { ...lab.environment } })).trim()
  const wanted = goBuilds.map((build) => ({ build, key: keyOfBuild(lab, build, compiler) }))
  const missing = wanted.filter(({ build, key }) => !isCached(lab, build.name, key))
  if (missing.length > 0) {
    const usual = missing.reduce((sum, { build }) => sum + build.usual, 0)
    lab.say(
      `to build: ${missing.map(({ build }) => titleOf(build)).join(', ')}; about ${readable(usual * 1000)} when nothing of Go is cached`,
    )
  }
  for (const { build, key } of wanted) {
    const place = missing.findIndex((one) => one.key === key)
    const folder =
      place < 0
        ? await buildGo(lab, build, key)
        : await buildAloud(lab, { build, key, place: `${String(place + 1)}/${String(missing.length)}` })
    linkAll(lab, folder)
  }
  link(tool(lab, 'hyperkube'), tool(lab, 'kubectl'))
}

const titleOf = (build: GoBuild): string => `${build.name} ${build.module.version.replace(/^v/, '')}`.trim()

async function buildAloud(
  lab: Lab,
  one: { readonly build: GoBuild; readonly key: string; readonly place: string },
): Promise<string> {
  const begun = lab.clock.now()
  const title = `${titleOf(one.build)} (${one.place})`
  lab.say(`building ${title}`)
  const timer = setInterval(() => {
    lab.say(`building ${title} ${readable(lab.clock.now() - begun)}`)
  }, 10_000)
  try {
    const folder = await buildGo(lab, one.build, one.key)
    lab.say(`built ${title} in ${readable(lab.clock.now() - begun)}`)
    return folder
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
