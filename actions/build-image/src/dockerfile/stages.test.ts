import { describe, expect, test } from '@jest/globals'
import { parseDockerfile } from './dockerfile.ts'
import { findStage, lineage, reachable, stagesOf, type StageOptions } from './stages.ts'

const stages = (
  source: string,
  args: Readonly<Record<string, string>> = {},
  more: Partial<StageOptions> = {},
) =>
  stagesOf(parseDockerfile(source), {
    buildArgs: new Map(Object.entries(args)),
    contexts: new Map(),
    platform: 'linux/arm64',
    builderPlatform: null,
    target: null,
    ...more,
  })

describe('stagesOf', () => {
  test.each<[string, string, Record<string, string>, unknown]>([
    ['a plain image', 'FROM node:24', {}, 'node:24'],
    ['a flag', 'FROM --platform=$BUILDPLATFORM node:24 AS x', {}, 'node:24'],
    ['a default', 'ARG A=node:24\nFROM $A', {}, 'node:24'],
    ['a build argument', 'ARG A=node:24\nFROM ${A}', { A: 'node:26' }, 'node:26'],
    ['an argument of an argument', 'ARG V=24\nARG A=node:$V\nFROM $A', {}, 'node:24'],
    ['an argument of the same ARG', 'ARG V=24 A=node:$V\nFROM $A', {}, 'node:24'],
    ['a default in place', 'ARG A\nFROM ${A:-node:24}', {}, 'node:24'],
    ['a default in a default', 'ARG F=node:24\nFROM ${A:-${F}}', {}, 'node:24'],
    ['a required argument', 'ARG A\nFROM ${A:?required}', { A: 'node:24' }, 'node:24'],
    ['a prefix taken off', 'ARG T=v24\nFROM node:${T#v}', {}, 'node:24'],
    ['quotes', 'ARG A="node:24"\nFROM "$A"', {}, 'node:24'],
    ['a build argument that is not declared', 'FROM ${A}', { A: 'node:26' }, ''],
    ['an argument of a stage before', 'FROM a\nARG B=node:24\nFROM $B', {}, ''],
    ['a platform argument', 'FROM base-${TARGETARCH}', {}, 'base-arm64'],
    ['a platform argument that was given', 'FROM base-${TARGETARCH}', { TARGETARCH: 's390x' }, 'base-s390x'],
    ['a platform argument that was declared', 'ARG TARGETARCH\nFROM base-${TARGETARCH}', {}, 'base-arm64'],
    ['a platform argument with a default', 'ARG TARGETARCH=x\nFROM base-${TARGETARCH}', {}, 'base-x'],
    ['the variant', 'FROM base-${TARGETARCH}${TARGETVARIANT}', {}, 'base-arm64'],
    ['the machine that builds', 'FROM base-$BUILDARCH', {}, { because: 'BUILDARCH depends on the builder' }],
  ])('%s', (_, source, args, base) => {
    expect(stages(source, args).at(-1)?.base).toEqual(base)
  })

  test('the platform of the builder is known only if the builder reports it', () => {
    const source = 'FROM a AS base-amd64\nFROM base-$BUILDARCH'
    expect(stages(source)[1]).toMatchObject({ base: { because: 'BUILDARCH depends on the builder' } })
    expect(stages(source, {}, { builderPlatform: 'linux/amd64' })[1]).toMatchObject({ base: 'base-amd64' })
  })

  test('without a platform, the base waits for the image', () => {
    expect(stages('FROM a AS base-amd64\nFROM base-$TARGETARCH', {}, { platform: null })[1]).toMatchObject({
      base: { because: 'TARGETARCH depends on the builder' },
      parent: null,
    })
  })

  test('environment goes on from stage to stage, arguments do not, and the later of both counts', () => {
    const source =
      'ARG G=g\nFROM scratch AS one\nARG A=1\nENV E=$A\nFROM one\nARG G\nADD $G $E $A x\nARG E=9\nADD $E x'
    const adds = stages(source, { A: '2' })[1]?.steps.flatMap((step) => step.adds)
    expect(adds).toEqual(['g', '2', '', '9'])
  })

  test('all of one ENV see the values from before it', () => {
    const source = 'FROM scratch\nENV A=1\nENV A=2 B=$A\nADD $A $B x'
    expect(stages(source)[0]?.steps.at(-1)?.adds).toEqual(['2', '1'])
  })

  test('a variable that the base may set is not known', () => {
    expect(stages('FROM a AS b\nFROM b\nADD $MIRROR x')[1]?.steps[0]?.adds).toEqual([
      { because: 'MIRROR may come from the base image' },
    ])
  })

  test.each(['deps', 'docker.io/library/deps', 'deps:latest', 'deps::linux/arm64'])(
    'the build context %s stands in for the stage deps',
    (key) => {
      const options = { contexts: new Map([[key, 'docker-image://x:1']]) }
      const [deps, last] = stages('FROM a AS deps\nUSER 1\nFROM deps\nUSER 2', {}, options)
      expect(deps).toMatchObject({ context: 'docker-image://x:1', steps: [] })
      expect(last && lineage(last).map(({ rest }) => rest)).toEqual(['2'])
    },
  )

  test('a build context of another platform stands in for nothing', () => {
    const contexts = new Map([['deps::linux/amd64', 'docker-image://x:1']])
    expect(stages('FROM a AS deps', {}, { contexts })[0]?.context).toBeNull()
  })
})

describe('findStage', () => {
  const all = stages('FROM a AS One\nFROM b')
  test.each<[string | null, string | undefined]>([
    [null, 'b'],
    ['', undefined],
    ['ONE', 'a'],
    ['1', 'b'],
    ['two', undefined],
    ['7', undefined],
  ])('%j', (target, base) => {
    expect(findStage(all, target)?.base).toBe(base)
  })
})

test('lineage holds the stages beneath first', () => {
  const all = stages('FROM x AS a\nUSER 1\nFROM a\nUSER 2')
  expect(all[1] && lineage(all[1]).map(({ rest }) => rest)).toEqual(['1', '2'])
})

test('reachable follows bases, copies and mounts, and nothing else', () => {
  const all = stages(
    'FROM a AS base\nFROM base AS deps\nFROM b AS unused\nFROM c AS tools\nFROM d\nCOPY --from=deps x y\nRUN --mount=type=bind,from=tools,target=/t true',
  )
  expect(reachable(all, all.slice(-1)).map(({ base }) => base)).toEqual(['a', 'base', 'c', 'd'])
})
