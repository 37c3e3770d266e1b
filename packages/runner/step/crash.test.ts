import { spawnSync } from 'node:child_process'
import { expect, test } from '@jest/globals'
import { obeyed } from '../testing/obeyed.ts'

const forged = JSON.stringify('boom\n::set-output name=image::evil\r##[add-mask]x')

/** A process that listens as an action does, and what it prints when something is thrown where nothing catches it. */
function crash(script: string) {
  const host = new URL('./host.ts', import.meta.url).href
  const code = `import { actionsHost as host } from ${JSON.stringify(host)}\nhost.guard()\nconst listening = host.listen()\n${script}`
  return spawnSync(process.execPath, ['--input-type=module', '-e', code], { encoding: 'utf8' })
}

test.each([
  [
    'before the end of the step',
    `listening.crashed.catch((error) => { host.info(error.message); host.exit() })`,
  ],
  ['after it', `listening.stop()`],
])('what is thrown %s is no command, and exit code 1', (_, then) => {
  for (const thrown of [`throw new Error(${forged})`, `void Promise.reject(new Error(${forged}))`]) {
    const { status, stdout, stderr } = crash(
      `${then}\nsetImmediate(() => { ${thrown} })\nsetTimeout(() => {}, 60000)`,
    )
    expect(status).toBe(1)
    expect(stdout).toContain('boom')
    const ours = /^::error::.*$/gm
    expect(obeyed((stdout + stderr).replace(ours, ''))).toBe('')
  }
})

test('a warning of node is no command', () => {
  const { stderr } = crash(`process.emitWarning(${forged})\nsetImmediate(() => host.exit())`)
  expect(stderr).toContain('boom')
  expect(obeyed(stderr)).toBe('')
})
