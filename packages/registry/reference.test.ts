import { describe, expect, test } from '@jest/globals'
import { formatReference, isTag, parseReference, repositoryName } from './index.ts'

const hex = 'a'.repeat(64)

describe('parseReference', () => {
  test.each([
    ['ghcr.io/alt-las/api-gateway:v1.0.0', 'ghcr.io/alt-las/api-gateway:v1.0.0'],
    ['postgres:15-bookworm', 'docker.io/library/postgres:15-bookworm'],
    ['prom/prometheus', 'docker.io/prom/prometheus'],
    ['docker.io/postgres', 'docker.io/library/postgres'],
    ['index.docker.io/library/postgres', 'docker.io/library/postgres'],
    ['localhost/web', 'localhost/web'],
    ['localhost:5000/web:new', 'localhost:5000/web:new'],
    ['GHCR.io/alt-las/web', 'ghcr.io/alt-las/web'],
    ['[::1]:5000/a/b', '[::1]:5000/a/b'],
    ['127.77.0.1/a__b/c.d-e--f', '127.77.0.1/a__b/c.d-e--f'],
    [`r.io/a:1@sha256:${hex}`, `r.io/a:1@sha256:${hex}`],
    [`busybox@sha256:${hex}`, `docker.io/library/busybox@sha256:${hex}`],
  ])('%s is %s', (text, full) => {
    expect(formatReference(parseReference(text))).toBe(full)
  })

  test("a registry's port is no tag", () => {
    expect(parseReference('localhost:5000/sidecar')).toEqual({
      registry: 'localhost:5000',
      repository: 'sidecar',
    })
  })

  test.each([
    ['', 'a repository of lower-case'],
    ['ghcr.io/', 'a repository of lower-case'],
    ['ghcr.io//x', 'a repository of lower-case'],
    ['ghcr.io/ALT-LAS/x', 'a repository in lower case'],
    ['a/b:', 'a tag of at most'],
    ['a/b:.x', 'a tag of at most'],
    [`a:${'t'.repeat(129)}`, 'a tag of at most'],
    ['a@sha256:abc', 'a digest of sha256'],
    [`a@sha256:${'A'.repeat(64)}`, 'a digest of sha256'],
    [`a@sha256:${hex}@sha256:${hex}`, 'at most one @'],
    ['-host.io/a', 'a host name'],
    ['host:0/a', 'a host name'],
    ['host:99999/a', 'a host name'],
    ['host:port/a', 'a host name'],
    ['a b', 'a repository of lower-case'],
    ['https://ghcr.io/a/b', 'a host name'],
    ['a/b_-c', 'a repository of lower-case'],
    [`a/${'b'.repeat(255)}`, 'a name of at most 255'],
  ])('%j is refused: expected %s', (text, expected) => {
    expect(() => parseReference(text)).toThrow(expected)
  })
})

describe('repositoryName', () => {
  test('upper case is lowered, and told', () => {
    expect(repositoryName('ghcr.io/ALT-LAS/Api')).toMatchObject({
      name: 'ghcr.io/alt-las/api',
      changed: true,
    })
    expect(repositoryName('ghcr.io/alt-las/api')).toMatchObject({ repository: 'alt-las/api', changed: false })
  })

  test.each(['ghcr.io/a/b:v1', `ghcr.io/a/b@sha256:${hex}`])('%s is no repository', (text) => {
    expect(() => repositoryName(text)).toThrow('expected a repository without tag and digest')
  })
})

test('what is read and written again is the same, for three thousand generated references', () => {
  const random = seeded(20261122)
  for (let round = 0; round < 3000; round += 1) {
    const text = generate(random)
    const reference = parseReference(text)
    expect(formatReference(reference)).toBe(text)
    expect(parseReference(formatReference(reference))).toEqual(reference)
  }
})

test('three thousand strings of noise are refused, or read to what is written back', () => {
  const random = seeded(7)
  const alphabet = [
    'a',
    'B',
    '0',
    '.',
    '-',
    '_',
    '/',
    ':',
    '@',
    'sha256:',
    hex,
    ' ',
    'é',
    '[',
    ']',
    'localhost',
    '%',
  ]
  for (let round = 0; round < 3000; round += 1) {
    const text = many(random, 9, () => pick(random, alphabet)).join('')
    const full = attempt(text)
    if (full === null) continue
    expect(formatReference(parseReference(full))).toBe(full)
  }
})

test.each([
  ['v1.2.3', true],
  ['_x', true],
  ['-x', false],
  ['a/b', false],
  ['', false],
])('%j is a tag: %s', (text, answer) => {
  expect(isTag(text)).toBe(answer)
})

type Random = () => number

function attempt(text: string): string | null {
  try {
    return formatReference(parseReference(text))
  } catch (error) {
    expect(error).toMatchObject({ code: 'bad-reference', fault: 'input' })
    return null
  }
}

function generate(random: Random): string {
  const letters = [...'abcdefghijklmnopqrstuvwxyz0123456789']
  const word = () => [pick(random, letters), ...many(random, 6, () => pick(random, letters))].join('')
  const part = () =>
    [word(), ...many(random, 2, () => pick(random, ['.', '_', '__', '-', '---']) + word())].join('')
  const registry = pick(random, [
    'localhost',
    `${word()}.${word()}`,
    `${word()}:${1 + Math.floor(random() * 65535)}`,
  ])
  const path = [part(), ...many(random, 3, part)].join('/')
  const tag = random() < 0.5 ? `:${pick(random, ['_', 'v', 'X'])}${word()}.${word()}-${word()}` : ''
  const digest =
    random() < 0.5
      ? `@sha256:${Array.from({ length: 64 }, () => pick(random, [...'0123456789abcdef'])).join('')}`
      : ''
  return `${registry}/${path}${tag}${digest}`
}

function many<T>(random: Random, most: number, make: () => T): T[] {
  return Array.from({ length: Math.floor(random() * (most + 1)) }, make)
}

function pick<T>(random: Random, from: readonly T[]): T {
  return from[Math.floor(random() * from.length)]!
}

/** A small linear congruential generator: the same references in every run. */
function seeded(seed: number): Random {
  let state = seed
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
}
