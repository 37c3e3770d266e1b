// What CI asks of the committed bundles: a new build gives the same bytes, the docs too, and each one starts.
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { actionNames, readActionYml, root } from './actions.ts'

for (const script of ['build.ts', 'docs.ts']) {
  execFileSync(process.execPath, [join(root, 'scripts', script)], { cwd: root, stdio: 'inherit' })
}

// `git status`, not `git diff`: a bundle that was never added must fail as well.
const generated = ['actions', 'packages/outcome/schemas']
const dirty = execFileSync('git', ['status', '--porcelain', '--', ...generated], {
  cwd: root,
  encoding: 'utf8',
})
if (dirty !== '')
  fail(
    `the committed bundles, READMEs or JSON schemas are not what the sources give; run npm run build && npm run docs, commit:\n${dirty}`,
  )

for (const name of actionNames()) starts(name)
console.log('check: bundles and docs are up to date, each bundle starts')

/** Started with no inputs a bundle must end with exit code 1 and exactly one clear error, unless it requires none. */
function starts(name: string): void {
  const required = Object.values(readActionYml(name).inputs).some((input) => input.required === true)
  const temp = mkdtempSync(join(tmpdir(), 'check-'))
  const started = spawnSync(process.execPath, [join(root, 'actions', name, 'dist/index.js')], {
    cwd: temp,
    encoding: 'utf8',
    env: { PATH: process.env['PATH'] ?? '', RUNNER_TEMP: temp },
  })
  const { post } = readActionYml(name).runs
  if (post !== undefined) staysQuiet(name, post)
  const errors = started.stdout.split('\n').filter((line) => line.startsWith('::error'))
  if (!required) return
  if (started.status !== 1 || errors.length !== 1) {
    fail(
      `actions/${name} without inputs: exit ${started.status}, ${errors.length} errors\n${started.stdout}${started.stderr}`,
    )
  }
}

/** A post step whose main step has left nothing does nothing. */
function staysQuiet(name: string, post: string): void {
  const temp = mkdtempSync(join(tmpdir(), 'check-'))
  const env = { PATH: process.env['PATH'] ?? '', RUNNER_TEMP: temp }
  const started = spawnSync(process.execPath, [join(root, 'actions', name, post)], {
    cwd: temp,
    encoding: 'utf8',
    env,
  })
  if (started.status !== 0 || started.stdout + started.stderr !== '')
    fail(
      `actions/${name}/${post} with nothing left: exit ${started.status}\n${started.stdout}${started.stderr}`,
    )
}

function fail(message: string): never {
  console.error(message)
  process.exit(1)
}
