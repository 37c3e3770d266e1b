import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from '@jest/globals'
import { parse } from 'yaml'
import { closedAfter, startRegistry, writeLayout } from '@alt-las/testing'
import { valuesIn } from '../../../packages/runner/testing/values-in.ts'

const start = closedAfter(afterEach, startRegistry)

interface Ended {
  readonly code: number | null
  readonly log: string
  readonly outputs: Readonly<Record<string, string>>
}

/** The action as a runner starts it: a process of its own, inputs and files by environment. */
async function begin(
  inputs: Readonly<Record<string, string>>,
): Promise<{ child: ChildProcess; ended: Promise<Ended> }> {
  const temp = await mkdtemp(join(tmpdir(), 'runner temp '))
  const outputFile = join(temp, 'output')
  await writeFile(outputFile, '')
  const named = Object.entries(inputs).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value] as const)
  const child = spawn(process.execPath, [new URL('./main.ts', import.meta.url).pathname], {
    env: {
      PATH: process.env['PATH'],
      HOME: temp,
      RUNNER_TEMP: temp,
      GITHUB_OUTPUT: outputFile,
      GITHUB_REF: 'refs/tags/v1.2.3',
      ...Object.fromEntries(named),
    },
  })
  let log = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (text: Buffer) => (log += text.toString()))
  const ended = new Promise<Ended>((resolve) => {
    child.on('close', (code) => {
      void readFile(outputFile, 'utf8').then((text) => {
        resolve({ code, log, outputs: valuesIn(text) })
      })
    })
  })
  return { child, ended }
}

async function scene(onRequest: (number: number) => void = () => undefined) {
  const registry = await start({
    fate: (_, number) => {
      onRequest(number)
      return 'serve'
    },
  })
  const { path, digest } = await writeLayout()
  return {
    registry,
    digest,
    inputs: { image: `${registry.host}/alt-las/x`, 'oci-layout': path, 'scan-report': 'none' },
  }
}

test('sets exactly the outputs of action.yml, and writes the outcome document', async () => {
  const { inputs, digest } = await scene()
  const { code, outputs } = await (await begin(inputs)).ended
  const actionYml = await readFile(new URL('../action.yml', import.meta.url), 'utf8')
  const declared = (parse(actionYml) as { outputs: object }).outputs
  expect(Object.keys(outputs).sort()).toEqual(Object.keys(declared).sort())
  expect(code).toBe(0)
  expect(outputs).toMatchObject({ outcome: 'passed', digest, tags: '1.2.3\n1.2\nlatest' })
  const document = JSON.parse(await readFile(outputs['report'] ?? '', 'utf8')) as object
  expect(document).toMatchObject({ action: 'push-image', outcome: 'passed', subject: { digest } })
})

test.each(['SIGKILL', 'SIGINT', 'SIGTERM'] as const)(
  '%s in the middle, and run again: the same end',
  async (signal) => {
    let child: ChildProcess | null = null
    const { registry, inputs, digest } = await scene((number) => {
      if (number === 10) child?.kill(signal)
    })
    const first = await begin(inputs)
    child = first.child
    const killed = await first.ended
    expect(killed.code).not.toBe(0)
    if (signal !== 'SIGKILL') {
      expect(killed.outputs['outcome']).toBe('failed')
      expect(killed.outputs['because']).toMatch(new RegExp(`^interrupted by ${signal}: .*; run it again`))
    }
    expect(registry.state().some((line) => line.startsWith('tag'))).toBe(false)
    const again = await (await begin(inputs)).ended
    expect(again.outputs).toMatchObject({ outcome: 'passed', digest, tags: '1.2.3\n1.2\nlatest' })
  },
)
