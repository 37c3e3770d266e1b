import { afterEach, expect, test } from '@jest/globals'
import { digestOf } from '@alt-las/registry'
import { startRegistry, writeLayout, type Fate, type SeenRequest, type WireRegistry } from '@alt-las/testing'
import { liveMarkup, obeyed, runStep, type Step } from './step.ts'

const running: WireRegistry[] = []
afterEach(async () => {
  for (const registry of running.splice(0)) await registry.close()
})
async function start(fate: (request: SeenRequest, number: number) => Fate): Promise<WireRegistry> {
  const registry = await startRegistry({ fate })
  running.push(registry)
  return registry
}

const password = 'correct-horse-battery'
const basic = `Basic ${Buffer.from(`bot:${password}`).toString('base64')}`
const evil = `x\n::add-mask::passed\r::set-output name=image::evil\n##[save-state name=a]b [login](https://evil.example)`
const answer = (status: number, headers: Readonly<Record<string, string>> = {}): Fate => {
  return { status, headers, body: JSON.stringify({ errors: [{ code: evil, message: evil }] }) }
}

async function push(registry: WireRegistry): Promise<Step> {
  const { path } = await writeLayout()
  const inputs = { username: 'bot', password, 'scan-report': 'none', attempts: '2' }
  return runStep('push-image', {
    inputs: { ...inputs, image: `${registry.host}/alt-las/web`, 'oci-layout': path },
  })
}

/** Whatever the registry did: the step is red, and neither words of the registry nor our password came through. */
function endsIn(step: Step, outcome: 'failed' | 'refused', sentence: string): void {
  expect({ code: step.code, outcome: step.outputs['outcome'] }).toEqual({ code: 1, outcome })
  expect(step.outputs['because']).toContain(sentence)
  expect(step.document).toMatchObject({ action: 'push-image', outcome })
  expect(obeyed(step)).toEqual([])
  expect(liveMarkup(step)).toEqual([])
  const shown = step.log.replaceAll(/^::add-mask::.*$/gm, '')
  for (const text of [shown, step.summary, JSON.stringify(step.outputs), JSON.stringify(step.document)])
    expect(text).not.toContain(password)
}

const isTag = (line: string) => line.startsWith('tag')

/** Four releases to one registry that tries something else each time. */
test('a hostile registry gets no command into the log, no credentials to another host, and no image called pushed that it dropped', async () => {
  const talks = await start(({ method }) => answer(method === 'GET' ? 401 : 503, { 'retry-after': '0' }))
  endsIn(await push(talks), 'failed', `write to ${talks.host}/alt-las/web failed after 2 tries: POST`)

  const thief: WireRegistry = await start(({ path }) =>
    path.startsWith('/realm')
      ? { status: 200, body: '{"token":"stolen"}' }
      : answer(401, { 'www-authenticate': `Bearer realm="http://${thief.host}/realm",service="x"` }),
  )
  const sends = await start(({ method, authorization }) => {
    if (authorization === null) return answer(401, { 'www-authenticate': 'Basic realm="x"' })
    return method === 'POST' ? { status: 202, headers: { location: `http://${thief.host}/up` } } : 'serve'
  })
  const gone = `${sends.host} sent this request to ${thief.host}, which gets no credentials`
  endsIn(await push(sends), 'failed', gone)
  expect(sends.requests.some(({ authorization }) => authorization === basic)).toBe(true)
  expect(thief.requests.length).toBeGreaterThan(0)
  for (const { path, authorization } of thief.requests)
    expect({ isUpload: path.startsWith('/up'), authorization }).toEqual({
      isUpload: true,
      authorization: null,
    })

  const drops = await start(({ method }) => (method === 'PUT' ? { status: 201 } : 'serve'))
  endsIn(await push(drops), 'failed', 'no tag moved')
  expect(drops.state().filter(isTag)).toEqual([])

  const occupies = await start(() => 'serve')
  occupies.setTag('alt-las/web', '1.2.3', digestOf('of the attacker'))
  endsIn(await push(occupies), 'refused', 'nothing was pushed: 1.2.3 is immutable and points to')
  expect(occupies.state().filter(isTag)).toEqual([`tag alt-las/web 1.2.3 ${digestOf('of the attacker')}`])
})
