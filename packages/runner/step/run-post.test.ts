import { expect, test } from '@jest/globals'
import type { Host, Post } from '../index.ts'
import { runPost } from './run-post.ts'

const never = new Promise<never>(() => undefined)
const post: Post<string> = {
  name: 'canary-deploy',
  secrets: ['token'],
  left: 'left',
  parse: (read) => read('namespace'),
  run: () => Promise.resolve(),
}

async function play(overrides: Partial<Post<string>>, left = 'state', crashed: Promise<never> = never) {
  const told: string[] = []
  const host = {
    guard: () => told.push('guarded'),
    reader: () => (name) => name,
    listen: () => ({ signal: new AbortController().signal, crashed, stop: () => told.push('stopped') }),
    mask: (secrets) => told.push(...secrets.map((secret) => `mask ${secret}`)),
    clean: (text) => text,
    output: () => undefined,
    info: () => undefined,
    annotate: ({ level, title, message }) => told.push(`${level} ${title ?? ''}: ${message}`),
    summary: () => Promise.resolve(),
    fail: () => told.push('exit 1'),
    exit: () => told.push('ended'),
  } satisfies Host
  await runPost({ ...post, ...overrides }, { host, left: () => left })
  return told
}

test('without anything left a post step does nothing', async () => {
  await expect(play({ run: () => Promise.reject(new Error('no')) }, '')).resolves.toEqual([])
})

test('a post step gets what was left and its inputs, with their secrets masked before', async () => {
  const seen: string[] = []
  const run = (left: string, inputs: string) => {
    seen.push(left, inputs)
    return Promise.resolve()
  }
  await expect(play({ run })).resolves.toEqual(['guarded', 'mask token', 'stopped'])
  expect(seen).toEqual(['state', 'namespace'])
})

test('work that cannot be done fails the post step', async () => {
  const told = await play({ run: () => Promise.reject(new Error('no route')) })
  expect(told.slice(2, 4)).toEqual(['exit 1', expect.stringContaining('error canary-deploy: post step: no')])
})

test('what nothing caught fails the post step, and the process ends', async () => {
  const told = await play({ run: () => never }, 'state', Promise.reject(new Error('boom')))
  expect(told).toContain('exit 1')
  expect(told.at(-1)).toBe('ended')
})
