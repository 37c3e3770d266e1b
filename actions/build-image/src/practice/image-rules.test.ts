import { describe, expect, test } from '@jest/globals'
import { parseDockerfile } from '../dockerfile/dockerfile.ts'
import { readConfig } from '../image.ts'
import { isRoot, judgeImage } from './image-rules.ts'

const good = 'FROM a AS base\nUSER 65532\nHEALTHCHECK CMD ["true"]\nCMD ["node"]\n'
const healthy = { User: '65532', Healthcheck: { Test: ['CMD', 'true'] }, Cmd: ['node'] }
const options = {
  buildArgs: new Map(),
  contexts: new Map(),
  platform: 'linux/amd64',
  builderPlatform: null,
  target: null,
}

const judge = (source: string, config: object = {}, history: readonly string[] = []) =>
  judgeImage(
    readConfig({ config: { ...healthy, ...config }, history: history.map((one) => ({ created_by: one })) }),
    parseDockerfile(source),
    options,
  )
const told = (...given: Parameters<typeof judge>) =>
  judge(...given).map(({ rule, line }) => `${rule}:${line}`)

describe('judgeImage', () => {
  // Whatever the Dockerfile seems to say, the user of the image decides.
  test.each<[string, string, string, readonly string[]]>([
    ['a good image', good, '65532', []],
    ['no user', good.replace('USER 65532\n', ''), '', ['non-root-user:1']],
    ['root by name', `${good}USER root`, 'root', ['non-root-user:5']],
    ['root in quotes', `${good}USER "root"`, 'root', ['non-root-user:5']],
    ['root with a group', `${good}USER 0:65532`, '0:65532', ['non-root-user:5']],
    ['root only for a while', 'FROM a\nUSER root\nUSER 1', '1', []],
    ['a user of the base', 'FROM a', '1654', []],
    ['a user in the environment of the base', 'FROM a\nUSER $APP_UID', '1654', []],
    ['a variable that the base leaves out', 'FROM a\nUSER $APP_UID', '', ['non-root-user:2']],
    ['a user in a heredoc', "FROM a\nRUN cat > /x << 'EOF'\nuser  nginx;\nEOF\n", '', ['non-root-user:1']],
    ['a stage beneath', `${good}FROM base\nCMD ["x"]`, '65532', []],
  ])('%s', (_, source, user, expected) => {
    expect(told(source, { User: user })).toEqual(expected)
  })

  test('says that an empty USER is root', () => {
    expect(judge('FROM a', { User: '' })).toMatchObject([
      { message: 'USER is empty, so the image runs as root; set a numeric USER other than 0' },
    ])
  })

  test.each<[string, string, object, readonly string[]]>([
    ['one of its own', good, {}, []],
    ['one of the base', 'FROM a', {}, []],
    ['none', 'FROM a', { Healthcheck: null }, ['healthcheck:1']],
    [
      'one that is switched off',
      `${good}HEALTHCHECK NONE`,
      { Healthcheck: { Test: ['NONE'] } },
      ['healthcheck:5'],
    ],
    ['one of another type', 'FROM a', { Healthcheck: { Test: 'true' } }, ['healthcheck:1']],
  ])('a health check: %s', (_, source, config, expected) => {
    expect(told(source, config)).toEqual(expected)
  })

  const shell = ['/bin/sh', '-c', 'node x']
  test.each<[string, string, object, readonly string[]]>([
    ['exec form', good, {}, []],
    ['CMD in shell form', `${good}CMD node x`, { Cmd: shell }, ['exec-form:5']],
    [
      'CMD in shell form by another shell',
      `${good}SHELL ["/x/run"]\nCMD node x`,
      { Cmd: ['/x/run', 'node x'] },
      ['exec-form:6'],
    ],
    ['ENTRYPOINT in shell form', `${good}ENTRYPOINT node`, { Entrypoint: shell, Cmd: null }, ['exec-form:5']],
    ['a shell asked for by name', `${good}CMD ["/bin/sh", "-c", "node x"]`, { Cmd: shell }, []],
    ['a shell form that is replaced', `FROM a AS x\nCMD node\nFROM x\nCMD ["y"]`, { Cmd: ['y'] }, []],
    [
      'a shell form that ENTRYPOINT takes away',
      'FROM a AS x\nCMD node\nFROM x\nENTRYPOINT ["y"]',
      { Entrypoint: ['y'], Cmd: null },
      [],
    ],
    ['a shell form of the base', 'FROM a', { Cmd: shell }, ['exec-form:1']],
    ['a shell of the base that hands over', 'FROM a', { Cmd: ['/bin/sh', '-c', 'exec node x'] }, []],
    ['an image without any command', 'FROM a\nCMD node x', { Cmd: null }, ['exec-form:2']],
    ['no command at all', 'FROM a', { Cmd: null }, []],
  ])('the start command: %s', (_, source, config, expected) => {
    expect(told(source, config)).toEqual(expected)
  })

  test.each<[string, string, object, readonly string[], readonly string[]]>([
    ['a harmless environment', good, { Env: ['PATH=/bin', 'GPG_KEY=A0'] }, [], []],
    ['a credential of the base', good, { Env: ['DB_PASSWORD=abc'] }, [], ['secret-in-env:1']],
    [
      'a credential that the source rules report',
      `${good}ENV DB_PASSWORD=abc`,
      { Env: ['DB_PASSWORD=abc'] },
      [],
      [],
    ],
    [
      'a credential in a command',
      `${good}RUN curl -H ghp_${'a'.repeat(36)}`,
      {},
      [`RUN /bin/sh -c curl -H ghp_${'a'.repeat(36)}`],
      ['secret-in-env:5'],
    ],
    ['a credential in the history of the base', good, {}, [`x ghp_${'a'.repeat(36)}`], ['secret-in-env:1']],
  ])('%s', (_, source, config, history, expected) => {
    expect(told(source, config, history)).toEqual(expected)
  })

  test('a configuration of odd types is read as not set', () => {
    expect(told('FROM a', { User: 7, Healthcheck: [], Env: 'x', Cmd: {}, Labels: null })).toEqual([
      'non-root-user:1',
      'healthcheck:1',
    ])
  })
})

test.each<[string, boolean]>([
  ['', true],
  ['0', true],
  ['00', true],
  ['+0', true],
  ['-0', true],
  ['root:root', true],
  ['0:1000', true],
  [':1000', true],
  ['1000', false],
  ['10', false],
  ['node', false],
  ['rooty', false],
])('isRoot(%j) is %p', (user, expected) => {
  expect(isRoot(user)).toBe(expected)
})
