// What a registry answers, and what people call an image.
import fc from 'fast-check'
import { parseChallenges } from '../../packages/registry/client/challenge.ts'
import { mediaTypes, readDescriptor } from '../../packages/registry/descriptor.ts'
import { isDigest } from '../../packages/registry/digest.ts'
import { readManifest } from '../../packages/registry/manifest.ts'
import { manifestType } from '../../packages/registry/client/manifest-type.ts'
import { formatReference, parseReference } from '../../packages/registry/reference.ts'
import { nextPage, readTags } from '../../packages/registry/client/tag-list.ts'
import { must, tried, type Target } from './harness.ts'
import { image } from './image.ts'
import { mutatedJsonText, mutatedJson } from './mutate-json.ts'
import { mutatedTexts } from './mutate-text.ts'

const hex = 'a'.repeat(64)
const base = new URL('https://registry.example/v2/')

export const registry: readonly Target[] = [
  tried({
    name: 'references',
    inputs: mutatedTexts(
      [
        'ghcr.io/alt-las/web:v1.0.0',
        `localhost:5000/a/b__c@sha256:${hex}`,
        '[::1]:5000/a',
        'postgres',
        `a:1@sha256:${hex}`,
      ],
      ['/', ':', '@', '.', '-', '_', 'a', 'A', '0', 'sha256:', hex, 'localhost', '[', ']', '%'],
    ),
    read: (text) => {
      const reference = parseReference(text)
      const full = formatReference(reference)
      must(formatReference(parseReference(full)) === full, `${full} is read otherwise the second time`)
      must(/^[\x21-\x7e]+$/.test(full), `${full} holds other characters`)
    },
  }),
  tried({
    name: 'challenges',
    inputs: mutatedTexts(
      [
        'Bearer realm="https://auth.example/token",service="registry",scope="repository:a:pull"',
        'Basic realm="x", Bearer realm="https://a.example/t"',
        'Negotiate, Basic',
      ],
      ['Bearer ', 'Basic', 'realm', '=', '"', ',', '\\"', '\\', 'service="', 'https://a.example', '-', 'a'],
    ),
    read: (text) => {
      const challenges = parseChallenges(text)
      must(challenges.length <= text.length, 'more challenges than characters')
    },
  }),
  tried({
    name: 'Link headers',
    inputs: mutatedTexts(
      [
        '</v2/a/tags/list?last=b&n=100>; rel="next"',
        '<https://other.example/v2/x>; rel=next',
        '<//other.example/x>; rel="next"',
      ],
      ['<', '>', ';', 'rel=', '"next"', 'next', ',', 'https://', '//', '/', '\\', '@', ':', '?'],
    ),
    read: (text) => {
      const next = nextPage(text, base)
      must(next === null || next.origin === base.origin, `${String(next)} leaves the registry`)
    },
  }),
  tried({
    name: 'tag lists',
    inputs: mutatedJsonText([
      { name: 'a', tags: ['v1.0.0', 'latest'] },
      { name: 'a', tags: null },
    ]),
    read: (text) => {
      const tags = readTags(Buffer.from(text), 'registry.example')
      must(
        tags.every((tag) => typeof tag === 'string'),
        'a tag is no text',
      )
    },
  }),
  tried({
    name: 'descriptors',
    inputs: mutatedJson([
      image.top,
      {
        ...image.top,
        platform: { os: 'linux', architecture: 'arm64', variant: 'v8' },
        annotations: { a: 'b' },
      },
    ]),
    refusal: 'error',
    read: (value) => {
      const { digest, size, mediaType } = readDescriptor(value, 'it')
      must(isDigest(digest) && Number.isSafeInteger(size) && size >= 0, `${digest}, ${size}`)
      must(typeof mediaType === 'string', 'no type')
    },
  }),
  tried({
    name: 'manifests',
    inputs: fc.tuple(
      fc.constantFrom(...Object.values(mediaTypes), 'application/json', ''),
      mutatedJsonText([image.manifest, image.index]).map((text) => Buffer.from(text)),
    ),
    refusal: 'error',
    read: ([header, bytes]) => {
      const mediaType = manifestType(header, bytes)
      try {
        const read = readManifest({ ...image.top, mediaType }, bytes)
        must(read.kind === 'index' || isDigest(read.config.digest), 'no configuration')
      } catch (error) {
        // The caller names the place.
        if (!(error instanceof SyntaxError)) throw error
      }
    },
  }),
]
