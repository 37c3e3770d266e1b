import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { test } from 'node:test'
import { post, serving, silent } from '../http/testing.ts'
import { archive } from './archive.ts'
import type { Document, Documents, Heading } from './documents.ts'

function memory(): Documents {
  const kept: Document[] = []
  return {
    add(draft) {
      const document = { id: randomUUID(), ...draft, createdAt: new Date(0).toISOString() }
      kept.unshift(document)
      return Promise.resolve(document)
    },
    find: (id) => Promise.resolve(kept.find((document) => document.id === id) ?? null),
    list(limit, before) {
      const from = before === null ? 0 : kept.findIndex(({ id }) => id === before) + 1
      const page = kept.slice(from, from + limit)
      return Promise.resolve(
        page.map(({ id, title, tags, createdAt }): Heading => ({ id, title, tags, createdAt })),
      )
    },
  }
}

const routes = () => archive(memory(), silent)

test('what was stored is read back under the address that the answer gave', () =>
  serving(routes(), async (base) => {
    const stored = await post(`${base}/documents`, { title: 'T', text: 'x', tags: ['a'] })
    assert.equal(stored.status, 201)
    const document = (await stored.json()) as Document
    assert.equal(stored.headers.get('location'), `/documents/${document.id}`)
    const read = await fetch(`${base}${stored.headers.get('location') ?? ''}`)
    assert.equal(read.status, 200)
    assert.deepEqual(await read.json(), document)
    assert.deepEqual(
      { title: document.title, text: document.text, tags: document.tags },
      { title: 'T', text: 'x', tags: ['a'] },
    )
  }))

test('a list goes from the newest, and `next` leads to the following page', () =>
  serving(routes(), async (base) => {
    for (const title of ['1', '2', '3']) await post(`${base}/documents`, { title, text: 'x' })
    interface Page {
      readonly documents: readonly Heading[]
      readonly next: string | null
    }
    const page = async (query: string) => (await (await fetch(`${base}/documents${query}`)).json()) as Page
    const first = await page('?limit=2')
    assert.deepEqual(
      first.documents.map(({ title }) => title),
      ['3', '2'],
    )
    const second = await page(`?limit=2&before=${first.next ?? ''}`)
    assert.deepEqual(
      second.documents.map(({ title }) => title),
      ['1'],
    )
    assert.equal(second.next, null)
    assert.equal('text' in (first.documents[0] ?? {}), false)
  }))

for (const path of [`/documents/${randomUUID()}`, '/documents/7'])
  test(`GET ${path.length > 20 ? 'of an unknown id' : path} is 404`, () =>
    serving(routes(), async (base) => assert.equal((await fetch(`${base}${path}`)).status, 404)))

for (const query of ['limit=0', 'limit=101', 'limit=x', 'before=7'])
  test(`?${query} is refused with 400`, () =>
    serving(routes(), async (base) => assert.equal((await fetch(`${base}/documents?${query}`)).status, 400)))

for (const draft of [{}, { title: 'T' }, { title: '', text: 'x' }, { title: 'T', text: 'x', tags: 'a' }])
  test(`storing ${JSON.stringify(draft)} is refused with 400`, () =>
    serving(routes(), async (base) => assert.equal((await post(`${base}/documents`, draft)).status, 400)))

test('a store out of reach is a 503 that keeps its words to the log', async () => {
  const errors: unknown[] = []
  const log = {
    ...silent,
    error: (_: string, facts?: { readonly error?: unknown }) => errors.push(facts?.error),
  }
  const lost = () => Promise.reject(new Error('password authentication failed'))
  await serving(archive({ add: lost, find: lost, list: lost }, log), async (base) => {
    const response = await fetch(`${base}/documents`)
    assert.equal(response.status, 503)
    assert.equal(response.headers.get('retry-after'), '1')
    assert.doesNotMatch(await response.text(), /password/)
  })
  assert.deepEqual(errors, ['Error: password authentication failed'])
})
