import { cpSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Lab } from '../base/lab.ts'
import { must } from '../base/run.ts'
import type { GoBuild, GoModule, GoProgram } from '../versions.ts'
import { cached } from './cached.ts'
import { contentsOf, keyOf } from './key.ts'

/** The arguments of `go build`; part of the cache key. */
export function buildArguments(build: GoBuild, program: GoProgram, output: string): readonly string[] {
  const ldflags = ['-s', '-w', ...(program.ldflags ?? [])].join(' ')
  return [
    'build',
    '-trimpath',
    '-buildvcs=false',
    '-tags',
    build.tags ?? '',
    '-ldflags',
    ldflags,
    '-o',
    output,
    program.package,
  ]
}

export const sourceOf = (lab: Lab, build: GoBuild): string => join(lab.repository, 'lab', 'go', build.folder)

/** What the build's result depends on: sources with go.sum, flags, and the compiler. */
export function keyOfBuild(lab: Lab, build: GoBuild, compiler: string): string {
  const flags = build.programs.map((program) => buildArguments(build, program, program.name).join(' '))
  const { path, version, sum } = build.module
  return keyOf([
    compiler,
    path,
    version,
    sum,
    ...flags,
    JSON.stringify(build.environment ?? {}),
    ...contentsOf(sourceOf(lab, build)),
  ])
}

/** Builds all programs of one entry into the cache and returns their folder. Go's own cache makes a repeated build continue. */
export async function buildGo(lab: Lab, build: GoBuild, key: string): Promise<string> {
  return await cached(lab, { name: build.name, key }, async (folder) => {
    const source =
      build.patch === undefined
        ? sourceOf(lab, build)
        : await patched(lab, build, join(lab.cache, `${build.name}-source`))
    const env = { ...lab.environment, CGO_ENABLED: '0', GOTOOLCHAIN: 'auto', ...build.environment }
    for (const program of build.programs) {
      await must('nice', ['go', ...buildArguments(build, program, join(folder, program.name))], {
        cwd: source,
        env,
      })
    }
  })
}

/** Where Go keeps the sources of a module; refuses sources whose checksum is not the one that is written down. */
export async function moduleFolder(lab: Lab, module: GoModule): Promise<string> {
  const answer = await must('go', ['mod', 'download', '-json', `${module.path}@${module.version}`], {
    env: { ...lab.environment, GOFLAGS: '-mod=mod' },
    cwd: lab.home,
  })
  const downloaded = JSON.parse(answer) as { readonly Dir: string; readonly Sum: string }
  if (downloaded.Sum !== module.sum) {
    throw new Error(
      `${module.path}@${module.version}: checksum got ${downloaded.Sum}, expected ${module.sum}`,
    )
  }
  return downloaded.Dir
}

async function patched(lab: Lab, build: GoBuild, copy: string): Promise<string> {
  const module = await moduleFolder(lab, build.module)
  const missing = notRequired(readFileSync(join(module, 'go.mod'), 'utf8'), build.requires ?? [])
  if (missing.length > 0) throw new Error(`${build.module.path} does not require ${missing.join(', ')}`)
  await must('rm', ['-rf', copy])
  cpSync(module, copy, { recursive: true })
  await must('chmod', ['-R', 'u+w', copy])
  const patch = readFileSync(join(sourceOf(lab, build), build.patch ?? ''), 'utf8')
  await must('git', ['apply', '-p1', '-'], {
    cwd: copy,
    input: patch,
    env: { ...lab.environment, GIT_CEILING_DIRECTORIES: lab.cache },
  })
  return copy
}

/** Those of the modules that a go.mod does not require in their version. */
export function notRequired(goMod: string, modules: readonly GoModule[]): readonly string[] {
  const lines = goMod.split('\n').map((line) =>
    line
      .replace(/^require /, '')
      .replace(/\/\/.*/, '')
      .trim(),
  )
  return modules.map(({ path, version }) => `${path} ${version}`).filter((one) => !lines.includes(one))
}
