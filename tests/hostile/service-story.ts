import assert from 'node:assert/strict'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { OutcomeDocument } from '@alt-las/outcome'
import { liveMarkup, obeyed, runStep, type StepOptions } from './step.ts'

/** In this order: the last one ends the service. */
const tests = `
tests:
  - { name: good, request: { path: /good } }
  - { name: word, request: { path: /word } }
  - { name: redirect, request: { path: /away } }
  - { name: endless, request: { path: /endless } }
  - { name: crash, request: { path: /crash } }
`

/** How a check of each OpenAPI document of the service ends, and a part of its sentence. */
const documents = [
  ['/bomb.yaml', 'OpenAPI document', /not an OpenAPI document/],
  ['/nested.json', 'OpenAPI document', /levels/],
  ['/slow.json', 'word', /was stopped/],
] as const

/** A host that the service sends its visitors to, and how many came. */
export async function startElsewhere() {
  let visits = 0
  const server = createServer((_, answer) => {
    visits += 1
    answer.end()
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/stolen`,
    visits: () => visits,
    close: () => server.close(),
  }
}

export interface Served {
  /** Of the service, as users reach it. */
  readonly url: string
  readonly entry: NonNullable<StepOptions['entry']>
  /** Resolves once the service answers again after its crash. */
  readonly restarted: () => Promise<void>
}

/** Verifies the service once with each of its documents. Whatever it does, every run ends refused, which brings a release back. Answers the sentences. */
export async function verifyHostile({ url, entry, restarted }: Served): Promise<readonly string[]> {
  const sentences: string[] = []
  const file = join(mkdtempSync(join(tmpdir(), 'api-')), 'tests.yaml')
  writeFileSync(file, tests)
  for (const [openapi, name, sentence] of documents) {
    await restarted()
    const inputs = { checks: 'api', url, 'api-tests': file, openapi, 'request-timeout': '30s' }
    const step = await runStep('verify', { inputs, entry })
    const because = step.outputs['because'] ?? ''
    sentences.push(because)
    assert.equal(step.code, 1, step.log)
    assert.equal(step.outputs['outcome'], 'refused', step.log)
    assert.equal(step.outputs['cause'], 'service')
    assert.match(because, /^\d of \d checks were refused: /)
    assert.deepEqual(obeyed(step), [])
    assert.deepEqual(liveMarkup(step), [])
    const checks = checksOf(step.document)
    const told = (of: string) => checks.find((one) => one.name === of)
    assert.equal(told('good')?.outcome, 'passed')
    assert.match(told(name)?.because ?? '', sentence)
    assert.match(told('redirect')?.because ?? '', /status is 302/)
    assert.match(told('endless')?.because ?? '', /the answer is larger than 256 MiB/)
    assert.match(told('crash')?.because ?? '', /broken off/)
    for (const refused of [name, 'redirect', 'endless', 'crash'])
      assert.equal(told(refused)?.outcome, 'refused')
  }
  return sentences
}

function checksOf(document: OutcomeDocument | null) {
  assert.equal(document?.action, 'verify')
  return (document as OutcomeDocument<'verify'>).evidence.checks ?? []
}
