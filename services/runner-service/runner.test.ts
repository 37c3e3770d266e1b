import assert from 'node:assert/strict'
import { test } from 'node:test'
import { post, serving } from '../http/testing.ts'
import { jobs, type Job, type Task } from './jobs.ts'
import { runner } from './runner.ts'
import { tasks } from './tasks.ts'

function queue(more: Readonly<Record<string, Task>> = {}, limits = { parallel: 1, kept: 10 }) {
  let id = 0
  const newId = (): string => `job-${(id += 1)}`
  return jobs({ tasks: { ...tasks, ...more }, ...limits }, { newId, now: () => '2026-01-01T00:00:00.000Z' })
}

const done: Readonly<Record<string, readonly [object, object]>> = {
  checksum: [
    { text: 'abc' },
    { algorithm: 'sha256', checksum: 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad' },
  ],
  'word-count': [{ text: 'çok iyi\n👍 42' }, { characters: 12, words: 3, lines: 2 }],
  primes: [{ below: 100 }, { below: 100, count: 25, largest: 97 }],
}
for (const [name, [args, result]] of Object.entries(done))
  test(`${name} is accepted, and its status leads to the result`, () => {
    const jobs = queue()
    return serving(runner(jobs), async (base) => {
      const accepted = await post(`${base}/jobs`, { name, args })
      assert.equal(accepted.status, 202)
      assert.equal(((await accepted.json()) as Job).status, 'queued')
      await jobs.idle()
      const job = (await (await fetch(`${base}${accepted.headers.get('location') ?? ''}`)).json()) as Job
      assert.deepEqual(
        { status: job.status, result: job.result, error: job.error },
        { status: 'succeeded', result, error: null },
      )
    })
  })

const refusals: readonly (readonly [unknown, RegExp])[] = [
  [{ name: 'shell', args: {} }, /name: got \\"shell\\", expected checksum, word-count, primes/],
  [{ name: 'constructor', args: {} }, /name: got/],
  [{ name: 'checksum', args: {} }, /args\.text: got nothing/],
  [{ name: 'checksum', args: { text: 'x', algorithm: 'md5' } }, /args\.algorithm/],
  [{ name: 'primes', args: { below: 1e9 } }, /args\.below/],
  [{ name: 'checksum' }, /args: got undefined/],
  [{ args: {} }, /name: got undefined/],
]
for (const [body, detail] of refusals)
  test(`${JSON.stringify(body)} is refused with 400`, () =>
    serving(runner(queue()), async (base) => {
      const response = await post(`${base}/jobs`, body)
      assert.equal(response.status, 400)
      assert.match(await response.text(), detail)
    }))

test('an unknown job is 404', () =>
  serving(runner(queue()), async (base) => assert.equal((await fetch(`${base}/jobs/none`)).status, 404)))

test('a job that throws has failed, with its reason', async () => {
  const jobs = queue({ broken: { check: () => null, run: () => Promise.reject(new Error('no luck')) } })
  jobs.start('broken', {})
  await jobs.idle()
  const [job] = jobs.list()
  assert.equal(job?.status, 'failed')
  assert.equal(job.error, 'no luck')
})

test('no more jobs run at once than allowed; the rest wait their turn', async () => {
  const gates = [Promise.withResolvers<object>(), Promise.withResolvers<object>()]
  let begun = 0
  const wait: Task = {
    check: () => null,
    run: () => (gates[begun++]?.promise ?? Promise.resolve({})) as Promise<Record<string, unknown>>,
  }
  const jobs = queue({ wait })
  jobs.start('wait', {})
  jobs.start('wait', {})
  assert.deepEqual(
    jobs.list().map(({ status }) => status),
    ['queued', 'running'],
  )
  gates[0]?.resolve({})
  gates[1]?.resolve({})
  await jobs.idle()
  assert.deepEqual(
    jobs.list().map(({ status }) => status),
    ['succeeded', 'succeeded'],
  )
})

test('finished jobs make room, the oldest first; with none finished a new one is told to come back', async () => {
  const gate = Promise.withResolvers<Record<string, unknown>>()
  const jobs = queue({ wait: { check: () => null, run: () => gate.promise } }, { parallel: 1, kept: 2 })
  jobs.start('word-count', { text: '' })
  await jobs.idle()
  jobs.start('wait', {})
  jobs.start('wait', {})
  assert.deepEqual(
    jobs.list().map(({ id }) => id),
    ['job-3', 'job-2'],
  )
  assert.equal(jobs.start('wait', {}).kind, 'full')
  gate.resolve({})
  await jobs.idle()
})
