import { describe, expect, test } from '@jest/globals'
import { inTime } from '@alt-las/time'
import { parseDockerfile } from './dockerfile.ts'

const first = (source: string) => parseDockerfile(source).instructions[0]
const t = String.raw

describe('parseDockerfile', () => {
  test.each<[string, string, object]>([
    ['a keyword in any case', 'from a', { name: 'FROM', rest: 'a' }],
    [
      'flags',
      'COPY --from=deps --chown=1:1 a b',
      {
        flags: [
          ['from', 'deps'],
          ['chown', '1:1'],
        ],
        rest: 'a b',
      },
    ],
    ['a flag in quotes', 'COPY --from="deps" a b', { flags: [['from', 'deps']] }],
    [
      'a mount with a quoted field',
      'RUN --mount=type=bind,"from=x" true',
      { flags: [['mount', 'type=bind,from=x']], rest: 'true' },
    ],
    ['an exec form', 'CMD [ "a" , "b" ]', { exec: ['a', 'b'] }],
    ['a shell form', 'CMD a b', { exec: null, rest: 'a b' }],
    ['what only looks like an exec form', "CMD ['a']", { exec: null }],
    ['a health check', 'HEALTHCHECK --interval=5s NONE', { flags: [['interval', '5s']], rest: 'NONE' }],
    ['a continuation', 'RUN a \\\n  b', { rest: 'a   b' }],
    [
      'ENV',
      t`ENV A=b C="d e" F=h\ i`,
      {
        assignments: [
          ['A', 'b'],
          ['C', '"d e"'],
          ['F', t`h\ i`],
        ],
      },
    ],
    ['ENV in its old form', 'ENV A b  c', { assignments: [['A', 'b  c']] }],
    [
      'ENV with an escaped quote',
      t`ENV A=it\'s TOKEN=x`,
      {
        assignments: [
          ['A', t`it\'s`],
          ['TOKEN', 'x'],
        ],
      },
    ],
    [
      'ARG',
      'ARG A B=c',
      {
        assignments: [
          ['A', null],
          ['B', 'c'],
        ],
      },
    ],
    ['ENV of an escaped escape', t`ENV A=C:\\d\\`, { assignments: [['A', t`C:\\d\\`]] }],
  ])('%s', (_, source, expected) => {
    expect(first(source)).toMatchObject(expected)
  })

  test.each<[string, string | null]>([
    ['docker/dockerfile:1', null],
    ['docker.io/docker/dockerfile-upstream:master-labs', null],
    [`mirror.example:5000/docker/dockerfile:1@sha256:${'a'.repeat(64)}`, null],
    ['example/other:1', 'the frontend example/other:1 reads this file, not docker/dockerfile'],
  ])('the frontend %s', (frontend, problem) => {
    expect(parseDockerfile(`# syntax=${frontend}\nFROM a`).problem).toBe(problem)
  })

  test('a file beyond every measure is not read', () => {
    expect(parseDockerfile('RUN a\n'.repeat(2_001)).problem).toContain('more than 2000 instructions')
    expect(parseDockerfile('#'.repeat(600_000)).problem).toContain('larger than')
  })

  test.each<[string, string]>([
    ['a long line', `ENV ${'A=b '.repeat(16_000)}`],
    ['many quotes', `RUN ${`"'`.repeat(30_000)}`],
    ['many heredocs', `RUN ${'<<A '.repeat(5_000)}\n${'A\n'.repeat(5_000)}`],
    ['many flags', `RUN ${'--a=b '.repeat(5_000)}`],
    ['many dollars', `ARG A="${'${A:-'.repeat(2_000)}"`],
    ['many blanks', `RUN a${' '.repeat(60_000)}b`],
  ])('%s is read within a second', (_, source) => {
    const { instructions } = inTime('it', () => parseDockerfile(`FROM a\n${source}\nUSER 1`), 1_000)
    expect(instructions.length).toBeGreaterThan(1)
  })
})
