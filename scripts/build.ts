// Bundles each action (or those named) from its own folder, so that dist/ is the same bytes wherever the repository lies.
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { actionNames, readActionYml, root } from './actions.ts'

const asked = process.argv.slice(2)
for (const name of asked.length > 0 ? asked : actionNames()) {
  const folder = join(root, 'actions', name)
  rmSync(join(folder, 'dist'), { recursive: true, force: true })
  const { main, post } = readActionYml(name).runs
  for (const entry of [main, post]) {
    if (entry === undefined) continue
    const output = join(folder, entry, '..')
    // ncc finds the entry's TypeScript by name: dist/index.js is src/main.ts, dist/post/index.js is src/post.ts.
    const source = entry === main ? 'src/main.ts' : 'src/post.ts'
    if (!existsSync(join(folder, source))) throw new Error(`actions/${name}: ${entry} has no ${source}`)
    bundle(folder, source, output)
  }
  console.log(`built actions/${name}/dist`)
}

function bundle(folder: string, source: string, output: string): void {
  const flags = ['--minify', '--transpile-only', '--license', 'licenses.txt', '--target', 'es2022', '--quiet']
  const ncc = join(root, 'node_modules/@vercel/ncc/dist/ncc/cli.js')
  execFileSync(process.execPath, [ncc, 'build', source, '--out', output, ...flags], {
    cwd: folder,
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  // What is imported late lies in numbered files beside index.js.
  for (const name of readdirSync(output).filter((one) => one.endsWith('.js'))) {
    const path = join(output, name)
    const text = readFileSync(path, 'utf8')
    if (text.includes(root)) throw new Error(`${path} names the folder that it was built in`)
    if (name === 'index.js' && !text.endsWith('\n')) writeFileSync(path, text + '\n')
  }
}
