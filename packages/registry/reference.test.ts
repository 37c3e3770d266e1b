import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { formatReference, isTag, parseReference, repositoryIn, repositoryName, tagOf } from './index.ts'

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

test('what is read and written again is the same', () => {
  const property = fc.property(references(), (text) => {
    const reference = parseReference(text)
    expect(formatReference(reference)).toBe(text)
    expect(parseReference(formatReference(reference))).toEqual(reference)
  })
  fc.assert(property, { seed: 20261122, numRuns: 3000 })
})

test('noise is refused, or read to what is written back', () => {
  const letters = fc.constantFrom(...'aB0.-_/:@ é[]%', 'sha256:', hex, 'localhost')
  const property = fc.property(fc.string({ unit: letters, maxLength: 9 }), (text) => {
    const full = attempt(text)
    if (full !== null) expect(formatReference(parseReference(full))).toBe(full)
  })
  fc.assert(property, { seed: 7, numRuns: 3000 })
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

function attempt(text: string): string | null {
  try {
    return formatReference(parseReference(text))
  } catch (error) {
    expect(error).toMatchObject({ code: 'bad-reference', fault: 'input' })
    return null
  }
}

/** References in full, as they are written back. */
function references(): fc.Arbitrary<string> {
  const word = fc.stringMatching(/^[a-z0-9]{1,7}$/)
  const registry = fc.oneof(
    fc.constant('localhost'),
    fc.tuple(word, word).map(([host, domain]) => `${host}.${domain}`),
    fc.tuple(word, fc.integer({ min: 1, max: 65_535 })).map(([host, port]) => `${host}:${port}`),
  )
  const part = fc.stringMatching(/^[a-z0-9]{1,7}((\.|_|__|-|---)[a-z0-9]{1,7}){0,2}$/)
  const path = fc.array(part, { minLength: 1, maxLength: 4 }).map((parts) => parts.join('/'))
  const tag = fc.oneof(
    fc.constant(''),
    fc.stringMatching(/^:[_vX][a-z0-9]{1,7}\.[a-z0-9]{1,7}-[a-z0-9]{1,7}$/),
  )
  const digest = fc.oneof(fc.constant(''), fc.stringMatching(/^@sha256:[0-9a-f]{64}$/))
  return fc
    .tuple(registry, path, tag, digest)
    .map(([host, name, ...rest]) => `${host}/${name}${rest.join('')}`)
}

test.each([
  ['1.2.3+fork.1', '1.2.3-fork.1'],
  ['v1.2.3', 'v1.2.3'],
  ['feature/x y', 'feature-x-y'],
  ['.-a', 'a'],
  ['x'.repeat(200), 'x'.repeat(128)],
])('%j is the tag %j', (text, tag) => {
  expect(tagOf(text)).toBe(tag)
})

test.each([
  ['web', 'docker.io/library/web'],
  ['docker.io/library/web:1', 'docker.io/library/web'],
  ['index.docker.io/shop/web', 'docker.io/shop/web'],
  [`shop/web@sha256:${hex}`, 'docker.io/shop/web'],
  ['localhost/web:1', 'localhost/web'],
  ['GHCR.io/a/b:1', 'ghcr.io/a/b'],
  ['ghcr.io/a/b:{{TAG}}', 'ghcr.io/a/b'],
  ['ghcr.io/a/b@none', 'ghcr.io/a/b'],
  ['$IMAGE', null],
  ['', null],
])('%j is of the repository %p', (image, repository) => {
  expect(repositoryIn(image)).toBe(repository)
})
