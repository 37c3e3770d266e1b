import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export const services = [
  'api-gateway',
  'runner-service',
  'segmentation-service',
  'ai-orchestrator',
  'archive-service',
] as const
export const deployed = ['segmentation-service', 'ai-orchestrator', 'archive-service', 'api-gateway'] as const

/** A clone in which test releases are committed and tagged; the checkout itself is never changed. */
export interface Releases {
  readonly folder: string
  /** Commits `change` on top of HEAD as it is in the checkout, and tags it. */
  commit(tag: string, change: Change): void
}

/** Edits the files of the clone; the paths are relative to its root. */
export type Change = (edit: (path: string, how: (text: string) => string) => void) => void

export function releasesOf(checkout: string): Releases {
  const folder = mkdtempSync(join(tmpdir(), 'releases-'))
  const git = (...args: string[]) =>
    execFileSync('git', args, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] })
  execFileSync('git', ['clone', '--quiet', '--no-local', checkout, folder])
  git('config', 'user.name', 'release test')
  git('config', 'user.email', 'release-test@alt-las.invalid')
  const start = git('rev-parse', 'HEAD').toString().trim()
  return {
    folder,
    commit: (tag, change) => {
      git('checkout', '--quiet', '--detach', start)
      change((path, how) => {
        const file = join(folder, path)
        const before = read(file)
        const after = how(before)
        if (after === before) throw new Error(`${tag}: the change of ${path} changed nothing`)
        writeFileSync(file, after)
      })
      git('add', '--all')
      git('commit', '--quiet', '--message', `Release ${tag}`)
      git('tag', '--force', tag)
    },
  }
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}

/** A release like any other: another version of every service. */
export const healthy: Change = (edit) => {
  edit('services/http/release.txt', () => `a healthy release, ${new Date().toISOString()}\n`)
}

/** The gateway answers 500 to every fifth API request. */
export const failingGateway: Change = (edit) => {
  edit(
    'services/api-gateway/fault.ts',
    () => `import { problem } from '../http/reply.ts'
import type { Route } from '../http/route.ts'

export function faulty(routes: readonly Route[]): readonly Route[] {
  return routes.map((route) => ({
    ...route,
    handle: (call) => (Math.random() < 0.2 ? problem(500, 'injected fault') : route.handle(call)),
  }))
}
`,
  )
  edit('services/api-gateway/main.ts', (text) =>
    text
      .replace(/= gateway\((.*)\)$/m, '= faulty(gateway($1))')
      .replace('import { gateway', "import { faulty } from './fault.ts'\nimport { gateway"),
  )
}

/** Every service depends on a version of minimist that the fixture database knows as CRITICAL (CVE-2021-44906). */
export const vulnerable: Change = (edit) => {
  const version = '1.2.5'
  const integrity =
    'sha512-FM9nNUYrRBAELZQT3xeZQ7fmMOBg6nWNmJKTcgsJeaLstP/UODVpGsr5OhXhhXg6f+qtJ8uiZ+PUxkDWcgIXLw=='
  for (const service of services) {
    edit(`services/${service}/package.json`, (text) => {
      const value = JSON.parse(text) as { dependencies?: Record<string, string> }
      return json({ ...value, dependencies: { ...value.dependencies, minimist: version } })
    })
    edit(`services/${service}/package-lock.json`, (text) => {
      const value = JSON.parse(text) as {
        packages: Record<string, { dependencies?: Record<string, string> }>
      }
      const top = value.packages['']
      const packages = {
        ...value.packages,
        '': { ...top, dependencies: { ...top?.dependencies, minimist: version } },
        'node_modules/minimist': { version, integrity, license: 'MIT' },
      }
      return json({ ...value, packages })
    })
  }
}

/** The Segmentation Service ends with code 3 as soon as it starts. */
export const crashing: Change = (edit) => {
  edit(
    'services/segmentation-service/main.ts',
    (text) => `console.error('fatal: the segmentation model is missing')
process.exit(3)

${text}`,
  )
}

function json(value: unknown): string {
  return JSON.stringify(value, null, 2) + '\n'
}
