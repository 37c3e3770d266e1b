import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { asFailure, Failure, readBounded } from '@alt-las/failure'
import { systemProcess, type Finished } from '@alt-las/process'
import type { KubeObject } from '../types/objects.ts'
import { duplicates, parseManifests, type Manifest, type Problem } from './parse-manifests.ts'

/**
 * The objects of files, directories (`*.yaml`, `*.yml`, `*.json`, not below them) and kustomizations, in the order given.
 * Failure `bad-manifests` (fault input) that lists every problem with its file and line.
 */
export async function readManifests(paths: readonly string[]): Promise<readonly KubeObject[]> {
  return (await readManifestFiles(paths)).map(({ object }) => object)
}

/** The same, with the place that each object comes from. */
export async function readManifestFiles(paths: readonly string[]): Promise<readonly Manifest[]> {
  const manifests: Manifest[] = []
  const problems: Problem[] = []
  for (const path of paths) {
    for (const source of await sourcesOf(path, problems)) {
      const parsed = parseManifests(source.text, source.file)
      manifests.push(...parsed.manifests)
      problems.push(...parsed.problems)
    }
  }
  problems.push(...duplicates(manifests))
  // A file of comments alone is skipped, as in kubectl; without any object there is no release.
  if (manifests.length + problems.length === 0)
    problems.push({ file: paths.join(', '), line: 1, what: 'it contains no object' })
  if (problems.length > 0) throw badManifests(problems)
  return manifests
}

interface Source {
  readonly file: string
  readonly text: string
}

async function sourcesOf(path: string, problems: Problem[]): Promise<readonly Source[]> {
  const info = await stat(path).catch(() => null)
  if (info === null) {
    problems.push({ file: path, line: 1, what: 'there is no such file or directory' })
    return []
  }
  if (!info.isDirectory()) return readSources([path], problems)
  const names = (await readdir(path)).sort()
  if (names.some((name) => /^kustomization\.ya?ml$|^Kustomization$/.test(name))) return [await build(path)]
  const files = names.filter((name) => /\.(ya?ml|json)$/.test(name)).map((name) => join(path, name))
  if (files.length === 0) problems.push({ file: path, line: 1, what: 'it contains no YAML or JSON file' })
  return readSources(files, problems)
}

/** Larger than any bundle of manifests. */
const largestBytes = 8 * 1024 * 1024

async function readSources(files: readonly string[], problems: Problem[]): Promise<readonly Source[]> {
  const sources: Source[] = []
  for (const file of files) {
    try {
      sources.push({ file, text: (await readBounded(file, largestBytes)).toString('utf8') })
    } catch (error) {
      problems.push({ file, line: 1, what: asFailure(error).message })
    }
  }
  return sources
}

const longestBuildMs = 60_000
/** Characters. */
const largestBuild = 64 << 20

/** Builds a kustomization with a tool of this machine. It may run plugins: they see no input and no credential of the action. */
async function build(path: string): Promise<Source> {
  const tools = [
    { command: 'kustomize', args: ['build', path] },
    { command: 'kubectl', args: ['kustomize', path] },
  ]
  for (const { command, args } of tools) {
    const built = await run(command, args)
    if (built === null) continue
    const { code, stdout, stderr, endedBy } = built
    const problem = (what: string) => badManifests([{ file: path, line: 1, what: `${command} ${what}` }])
    if (endedBy === 'timeout') throw problem(`took longer than ${longestBuildMs / 1000} s`)
    if (code !== 0) throw problem(`cannot build it: ${stderr.trim()}`)
    if (stdout.length > largestBuild) throw problem(`builds more than ${largestBuild >> 20} MiB`)
    return { file: join(path, 'kustomization'), text: stdout }
  }
  const what = 'this is a kustomization, and neither kustomize nor kubectl is on the PATH'
  throw badManifests([{ file: path, line: 1, what }])
}

/** null: the command is not on the PATH. */
async function run(command: string, args: readonly string[]): Promise<Finished | null> {
  try {
    return await systemProcess.run(command, args, { timeoutMs: longestBuildMs, keptCharacters: largestBuild })
  } catch (error) {
    if (error instanceof Failure && error.code === 'command-not-found') return null
    throw error
  }
}

function badManifests(problems: readonly Problem[]): Failure {
  const lines = problems.map(({ file, line, what }) => `${file}:${line}: ${what}`)
  const head = lines.length === 1 ? '' : `the manifests have ${lines.length} problems:\n- `
  return new Failure('bad-manifests', head + lines.join('\n- '), { fault: 'input' })
}
