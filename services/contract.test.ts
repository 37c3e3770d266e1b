// The five services as their environments wire them: the gateway's /openapi.json must be true of what really answers behind it.
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { test } from 'node:test'
import { Ajv2020 } from 'ajv/dist/2020.js'
import formats from 'ajv-formats'
import { orchestrator } from './ai-orchestrator/orchestrator.ts'
import { segmentationAt } from './ai-orchestrator/segmentation.ts'
import { forwarder } from './api-gateway/forward.ts'
import { gateway } from './api-gateway/gateway.ts'
import { archive } from './archive-service/archive.ts'
import type { Document, Documents } from './archive-service/documents.ts'
import { post, serving, silent } from './http/testing.ts'
import { jobs } from './runner-service/jobs.ts'
import { runner } from './runner-service/runner.ts'
import { tasks } from './runner-service/tasks.ts'
import { segmentation } from './segmentation-service/segmentation.ts'

interface Answer {
  readonly status: number
  readonly body: Readonly<Record<string, unknown>>
}

interface System {
  get(path: string): Promise<Answer>
  post(path: string, body: unknown): Promise<Answer>
}

test('every answer of every operation is as /openapi.json says', () =>
  system(async (api) => {
    const told = await api.get('/openapi.json')
    const seen = new Set<string>()
    const check = checker(told.body as unknown as Description, seen)
    check('get', '/openapi.json', told)
    for (const path of ['/healthz', '/readyz', '/version']) check('get', path, await api.get(path))

    const text = 'Rollouts need evidence. It was so. Evidence ends rollouts.'
    const split = await api.post('/api/segmentation/segments', { text })
    check('post', '/api/segmentation/segments', split)
    assert.equal(split.body['count'], 3)
    const result = await api.post('/api/ai/results', { text, sentences: 1 })
    check('post', '/api/ai/results', result)
    assert.equal(result.body['segments'], 3)

    const stored = await api.post('/api/archive/documents', { title: 'T', text, tags: ['a'] })
    check('post', '/api/archive/documents', stored)
    check('get', '/api/archive/documents', await api.get('/api/archive/documents?limit=1'))
    check('get', '/api/archive/documents/{id}', await api.get(`/api/archive/documents/${stored.body['id']}`))
    check('get', '/api/archive/documents/{id}', await api.get(`/api/archive/documents/${randomUUID()}`), 404)

    const job = await api.post('/api/runner/jobs', { name: 'checksum', args: { text } })
    check('post', '/api/runner/jobs', job)
    check('get', '/api/runner/jobs', await api.get('/api/runner/jobs'))
    check('get', '/api/runner/jobs/{id}', await api.get(`/api/runner/jobs/${job.body['id']}`))
    check('get', '/api/runner/jobs/{id}', await api.get(`/api/runner/jobs/${randomUUID()}`), 404)

    const all = Object.entries((told.body as unknown as Description).paths)
    assert.deepEqual(
      [...seen].sort(),
      all.flatMap(([path, item]) => Object.keys(item).map((one) => `${one} ${path}`)).sort(),
    )
  }))

test('a bad request is refused by the service itself, in the form that /openapi.json gives for every refusal', () =>
  system(async (api) => {
    const told = await api.get('/openapi.json')
    const check = checker(told.body as unknown as Description, new Set())
    for (const path of [
      '/api/segmentation/segments',
      '/api/ai/results',
      '/api/archive/documents',
      '/api/runner/jobs',
    ])
      check('post', path, await api.post(path, {}), 400)
  }))

interface Description {
  readonly paths: Readonly<
    Record<string, Readonly<Record<string, { readonly responses: Record<string, Response> }>>>
  >
  readonly components: { readonly responses: { readonly problem: Response } }
}

interface Response {
  readonly content: Readonly<Record<string, { readonly schema: object }>>
}

function checker(description: Description, seen: Set<string>) {
  const ajv = new Ajv2020({ allErrors: true, allowUnionTypes: true })
  formats.default(ajv)
  return (method: string, path: string, { status, body }: Answer, expected?: number): void => {
    const name = `${method} ${path}`
    seen.add(name)
    const operation = description.paths[path]?.[method]
    assert.ok(operation !== undefined, `${name} is not described`)
    if (expected === undefined) assert.ok(status < 300, `${name} answered ${status}`)
    else assert.equal(status, expected)
    const response =
      expected === 400 ? description.components.responses.problem : operation.responses[String(status)]
    const [content] = Object.values(response?.content ?? {})
    assert.ok(content !== undefined, `${name} ${status} is not described`)
    assert.ok(
      ajv.validate(content.schema, body),
      `${name} ${status}: ${ajv.errorsText()} in ${JSON.stringify(body)}`,
    )
  }
}

async function system(act: (api: System) => Promise<void>): Promise<void> {
  const queue = jobs(
    { tasks, parallel: 1, kept: 10 },
    { newId: randomUUID, now: () => new Date(0).toISOString() },
  )
  const forwarding = forwarder(5000)
  await serving(segmentation(), (split) =>
    serving(orchestrator({ split: segmentationAt(split, 5000), doubt: () => undefined }), (ai) =>
      serving(archive(memory(), silent), (archived) =>
        serving(runner(queue), (run) => {
          const upstreams = { segmentation: split, ai, archive: archived, runner: run }
          return serving(gateway(upstreams, forwarding.forward), (base) =>
            act({
              get: async (path) => answer(await fetch(`${base}${path}`)),
              post: async (path, body) => answer(await post(`${base}${path}`, body)),
            }),
          )
        }),
      ),
    ),
  )
  await forwarding.release()
}

async function answer(response: globalThis.Response): Promise<Answer> {
  return { status: response.status, body: (await response.json()) as Answer['body'] }
}

function memory(): Documents {
  const kept: Document[] = []
  return {
    add(draft) {
      const document = { id: randomUUID(), ...draft, createdAt: new Date(0).toISOString() }
      kept.unshift(document)
      return Promise.resolve(document)
    },
    find: (id) => Promise.resolve(kept.find((document) => document.id === id) ?? null),
    list: (limit) =>
      Promise.resolve(
        kept.slice(0, limit).map(({ id, title, tags, createdAt }) => ({ id, title, tags, createdAt })),
      ),
  }
}
