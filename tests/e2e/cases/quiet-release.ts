import assert from 'node:assert/strict'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Behaviour, image, namespace, prepare, version } from '../judged/platform.ts'
import { type Ended, startAction } from '../rollouts/runner.ts'
import { expectVerdict, seconds } from '../rollouts/world.ts'
import type { Stack } from '../stack.ts'
import type { Case } from './case.ts'

const name = 'quiet'
const monitor = `prometheus-${name}`
const path = '/quiet'
/** The gateway, as the runner reaches it. */
const address = `http://10.96.0.80${path}`

export const quietRelease: Case = {
  name: 'quiet-release',
  title:
    'a service without traffic is released in five minutes by its API tests or by synthetic requests; a broken version is refused; without either it ends at once',
  minutes: 40,
  run: async ({ stack }) => {
    await prepare(stack, [monitor])
    await stories(stack)
    await stack.kubectl('delete', 'namespace', namespace)
  },
}

async function stories(stack: Stack): Promise<void> {
  const release = await releases(stack)
  expectVerdict(await release('v1', {}), 'promoted')
  // The judge looks back at a minute at least.
  await seconds(75)
  const tests = { smoke: apiTests() }
  const synthetic = { 'synthetic-requests': `auto ${address}` }

  const nothing = await timed(() => release('v2', {}))
  expectVerdict(nothing.ended, 'rolled-back')
  assert.match(nothing.ended.log, /on-quiet ends it before the first user/)
  assert.ok(nothing.took < 120, `it took ${nothing.took} s to say so`)

  const byTests = await timed(() => release('v2', tests))
  expectVerdict(byTests.ended, 'promoted')
  assert.match(byTests.ended.outputs['because'] ?? '', /was not judged by traffic; its API tests passed/)
  assert.ok(byTests.took < 300, `by its API tests it took ${byTests.took} s`)

  const broken = await timed(() => release('v3', tests, { ERRORS: '1' }))
  expectVerdict(broken.ended, 'rolled-back')
  assert.doesNotMatch(broken.ended.log, /routes \S+ to the canary/)

  const sent = await timed(() => release('v4', synthetic))
  expectVerdict(sent.ended, 'promoted')
  assert.match(sent.ended.log, /on-quiet sends \d+ synthetic requests a second/)
  assert.ok(sent.took < 300, `by synthetic requests it took ${sent.took} s`)

  const worse = await timed(() => release('v5', synthetic, { ERRORS: '0.5' }))
  expectVerdict(worse.ended, 'rolled-back')
  assert.match(worse.ended.outputs['because'] ?? '', /canary fails/)
}

/** By the defaults of the action, so far as they need no address. */
async function releases(stack: Stack) {
  const released = await image(stack)
  return (tag: string, inputs: Readonly<Record<string, string>>, behaviour: Behaviour = {}): Promise<Ended> =>
    startAction(stack, {
      namespace,
      deployment: name,
      image: released,
      manifests: version(name, tag, behaviour, { path }),
      release: tag,
      'metrics-url': `service://${namespace}/${monitor}:9090`,
      ...inputs,
    }).ended
}

async function timed(run: () => Promise<Ended>) {
  const from = Date.now()
  const ended = await run()
  const took = Math.round((Date.now() - from) / 1000)
  const foresees = ended.log.split('\n').find((line) => line.includes('foresees'))
  console.log(`${ended.outputs['verdict'] ?? 'failed'} after ${took} s; ${foresees?.trim() ?? 'no forecast'}`)
  expectNoLineTwice(ended.log)
  return { ended, took }
}

/** Without the time at its beginning. */
function expectNoLineTwice(log: string): void {
  const lines = log.split('\n').flatMap((line) => /^ *[\d.]+(?:ms|[hms]).*? {2}(.*)$/.exec(line)?.[1] ?? [])
  const twice = lines.filter((line, index) => lines.indexOf(line) < index)
  assert.deepEqual(twice, [], 'lines were logged twice')
}

function apiTests(): string {
  const file = join(mkdtempSync(join(tmpdir(), 'smoke-')), 'api.yaml')
  writeFileSync(file, 'tests: [{ name: it answers, request: { path: / }, expect: { status: 200 } }]\n')
  return file
}
