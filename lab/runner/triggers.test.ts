import { describe, expect, test } from '@jest/globals'
import { matchesAny, startsOnTag } from './triggers.ts'

const release = 'v[0-9]+.[0-9]+.[0-9]+'

describe('a tag', () => {
  test.each([
    [release, 'v1.2.3', true],
    [release, 'v10.20.30', true],
    [release, 'v1', false],
    [release, 'v1.2.3-rc.1', false],
    [release, 'xv1.2.3', false],
    [release, 'v1x2x3', false],
    ['v*', 'v1.2.3', true],
    ['v*', 'v1/x', false],
    ['v**', 'v1/x', true],
    ['v1.?', 'v1', true],
  ])('pattern %s and tag %s match: %p', (pattern, tag, expected) => {
    expect(matchesAny([pattern], tag)).toBe(expected)
  })

  test('is taken back by a later pattern with !', () => {
    expect(matchesAny(['v*', '!v0*'], 'v0.1')).toBe(false)
    expect(matchesAny(['v*', '!v0*', 'v0.9'], 'v0.9')).toBe(true)
  })
})

describe('a workflow starts on a tag', () => {
  test.each([
    ['on: push', true],
    ['on: [push, pull_request]', true],
    ['on: { push: { tags: ["v*"] } }', true],
    ['on: { push: { branches: [main] } }', false],
    ['on: { push: { branches: [main], tags: ["v*"] } }', true],
    ['on: { push: { tags-ignore: ["v1*"] } }', false],
    ['on: { push: null }', true],
    ['on: workflow_dispatch', false],
    ['on: { schedule: [{ cron: "0 0 * * *" }] }', false],
  ])('%s: %p', (workflow, expected) => {
    expect(startsOnTag(workflow, 'v1.0.0')).toBe(expected)
  })
})
