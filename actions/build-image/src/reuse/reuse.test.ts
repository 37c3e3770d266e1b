import { describe, expect, test } from '@jest/globals'
import { Failure } from '@alt-las/failure'
import { readLayout, type Digest } from '@alt-las/registry'
import { writeLayout } from '@alt-las/testing'
import { buildImage } from '../build-image.ts'
import { outputsOf } from '../summary.ts'
import { goodConfig, scene, type Scene } from '../testing/build.ts'
import { releaseTags, type ReleaseSource } from './reuse.ts'

const other = `sha256:${'b'.repeat(64)}` as Digest

/** A run against a registry whose tags are these; `own` stands for the digest that the build gives. */
async function released(tags: Readonly<Record<string, string>>, setting: Scene = {}) {
  const own = (await readLayout((await writeLayout({ config: goodConfig })).path)).top.digest
  const asked: string[] = []
  const releases = {
    name: 'ghcr.io/alt-las/x',
    resolve: (tag) => {
      asked.push(tag)
      const held = tags[tag]
      return Promise.resolve(held === undefined ? null : held === 'own' ? own : other)
    },
  } satisfies ReleaseSource
  const stage = await scene({ releases, ...setting })
  const outcome = await buildImage(stage.inputs, stage.ports)
  return { outcome, asked, log: stage.log.lines.join('\n'), stage, own }
}

describe('reuse', () => {
  test.each(['1.2.3', 'v1.2.3'])('says that the registry already holds this image as %s', async (tag) => {
    const { outcome, own } = await released({ [tag]: 'own' })
    expect(outcome).toMatchObject({ kind: 'passed', built: { digest: own, releasedAs: tag } })
    expect(outcome.because).toContain(`; the registry already holds it as ${tag}`)
    expect(outputsOf(outcome)).toMatchObject({ reused: 'true' })
  })

  test('whatever the registry holds, the image is built and tested', async () => {
    const { outcome, stage, log } = await released(
      { '1.2.3': 'other' },
      { inputs: { 'test-target': 'test' } },
    )
    expect(outcome).toMatchObject({ kind: 'passed', built: { releasedAs: null }, test: { passed: true } })
    expect(stage.process.runs.filter(({ args }) => args.includes('build'))).toHaveLength(2)
    expect(log).toContain(`warning: ghcr.io/alt-las/x:1.2.3 is already ${other}, not this image`)
  })

  test.each<[string, Scene]>([
    ['off', { inputs: { reuse: 'off' } }],
    ['on a branch', { environment: { refType: 'branch', refName: 'main' } }],
  ])('asks no registry %s', async (_, setting) => {
    const { asked, outcome } = await released({ '1.2.3': 'own' }, setting)
    expect(asked).toEqual([])
    expect(outputsOf(outcome)).toMatchObject({ reused: 'false' })
  })

  test.each<[string, Partial<ReleaseSource>]>([
    ['does not answer', { resolve: () => Promise.reject(broken) }],
    ['has no credentials', {}],
  ])('a registry that %s costs a warning', async (_, source) => {
    const stage = await scene({
      releases: { name: 'ghcr.io/alt-las/x', resolve: () => Promise.resolve(null), ...source },
    })
    const ports =
      source.resolve === undefined
        ? { ...stage.ports, openReleases: () => Promise.reject(broken) }
        : stage.ports
    await expect(buildImage(stage.inputs, ports)).resolves.toMatchObject({ kind: 'passed' })
    expect(stage.log.lines.join('\n')).toContain('already holds this image: the registry is down')
  })
})

const broken = new Failure('registry-unreachable', 'the registry is down', { fault: 'outside' })

test.each<[string, string, readonly string[]]>([
  ['tag', 'v1.2.3', ['1.2.3', 'v1.2.3']],
  ['tag', '1.2.3', ['1.2.3']],
  ['tag', 'v1.2.3+fork.1', ['1.2.3-fork.1', 'v1.2.3-fork.1']],
  ['tag', 'release/1', ['release-1']],
  ['branch', 'v1.2.3', []],
])('the release tags of the %s %s are %j', (refType, refName, tags) => {
  expect(releaseTags({ refType, refName })).toEqual(tags)
})
