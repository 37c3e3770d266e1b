import { describe, expect, test } from '@jest/globals'
import { parseDockerfile } from './dockerfile.ts'
import { findStage, lineage, reachable, stagesOf, substitute } from './stages.ts'

const stages = (source: string, args: Readonly<Record<string, string>> = {}) =>
  stagesOf(parseDockerfile(source), new Map(Object.entries(args)))

describe('stagesOf', () => {
  test.each<[string, string, Record<string, string>, string]>([
    ['a plain image', 'FROM node:24', {}, 'node:24'],
    ['a flag', 'FROM --platform=$BUILDPLATFORM node:24 AS x', {}, 'node:24'],
    ['a default', 'ARG A=node:24\nFROM $A', {}, 'node:24'],
    ['a build argument', 'ARG A=node:24\nFROM ${A}', { A: 'node:26' }, 'node:26'],
    ['an argument of an argument', 'ARG V=24\nARG A=node:$V\nFROM $A', {}, 'node:24'],
    ['a default in place', 'ARG A\nFROM ${A:-node:24}', {}, 'node:24'],
    ['a build argument that is not declared', 'FROM ${A}', { A: 'node:26' }, ''],
    ['an argument of a stage before', 'FROM a\nARG B=node:24\nFROM $B', {}, ''],
  ])('%s', (_, source, args, base) => {
    expect(stages(source, args).at(-1)?.base).toBe(base)
  })

  test('environment goes on from stage to stage, arguments do not, and environment wins', () => {
    const [, last] = stages('ARG G=g\nFROM a AS one\nARG A=1\nENV E=$A\nFROM one\nARG G\nARG E=9', { A: '2' })
    expect(Object.fromEntries(last?.variables ?? [])).toEqual({ E: '2', G: 'g' })
  })
})

describe('findStage', () => {
  const all = stages('FROM a AS One\nFROM b')
  test.each<[string, string | undefined]>([
    ['', 'b'],
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

test.each<[string, string]>([
  ['$A-${A}', 'x-x'],
  ['${B:-def}', 'def'],
  ['${E-def}${E:-def}', 'def'],
  ['${A:+yes}${B:+no}', 'yes'],
  ['\\$A', '$A'],
  ['${B:-$A}', 'x'],
])('substitute(%s)', (text, result) => {
  expect(
    substitute(
      text,
      new Map([
        ['A', 'x'],
        ['E', ''],
      ]),
    ),
  ).toBe(result)
})
