import { expect, test } from '@jest/globals'
import { parseDockerfile } from '../dockerfile/dockerfile.ts'
import { readConfig, type PlatformImage } from '../image.ts'
import type { UserId } from '../user-id.ts'
import { judgeBefore, judgeBuilt, judgeRefused } from './practice.ts'

const pin = `a@sha256:${'a'.repeat(64)}`
const options = {
  builderPlatform: null,
  target: null,
  testTarget: null,
  buildArgs: new Map(),
  contexts: new Map(),
}
const image = (platform: string, user: string, userId: UserId = { kind: 'known', id: 1 }): PlatformImage => ({
  platform,
  digest: '',
  size: 0,
  layers: [],
  userId,
  config: readConfig({ config: { User: user, Healthcheck: { Test: ['CMD', 'x'] } } }),
})

test('before the build, only what is certain for a platform is found', () => {
  const dockerfile = parseDockerfile(`FROM b:1 AS x-arm64\nFROM ${pin} AS x-amd64\nFROM x-$TARGETARCH`)
  expect(judgeBefore(dockerfile, options, [])).toEqual([])
  expect(judgeBefore(dockerfile, options, ['linux/amd64'])).toEqual([])
  expect(judgeBefore(dockerfile, options, ['linux/amd64', 'linux/arm64'])).toMatchObject([
    { rule: 'pinned-base', line: 1, message: expect.stringContaining('(linux/arm64)') },
  ])
})

test('what all platforms share is said once, what one has names it', () => {
  const dockerfile = parseDockerfile(`FROM b:1\nUSER $U`)
  const images = [image('linux/amd64', '1'), image('linux/arm64', '')]
  expect(
    judgeBuilt(dockerfile, options, images).findings.map(({ rule, message }) => `${rule}: ${message}`),
  ).toEqual([
    'pinned-base: b:1 is not pinned by digest; name it as image@sha256:…',
    'non-root-user: USER is empty, so the image runs as root; set a numeric USER other than 0 (linux/arm64)',
  ])
})

test('what could not be judged is kept apart', () => {
  expect(judgeBuilt(parseDockerfile('FROM x-$BUILDARCH'), options, [image('linux/amd64', '1')])).toEqual({
    findings: [],
    unjudged: [{ rule: 'pinned-base', line: 1, because: 'BUILDARCH depends on the builder' }],
  })
})

test('a refusal before the build lists what the image would add', () => {
  const dockerfile = parseDockerfile(`FROM b:1 AS x\nUSER "root"\nHEALTHCHECK NONE\nFROM x\nCMD node x`)
  expect(judgeRefused(dockerfile, options, []).map(({ rule, line }) => `${rule}:${line}`)).toEqual([
    'pinned-base:1',
    'non-root-user:2',
    'healthcheck:3',
    'exec-form:5',
  ])
  expect(judgeRefused(parseDockerfile(`FROM ${pin}\nUSER $U`), options, [])).toEqual([])
})

test('a name is not the user: its number decides', () => {
  const dockerfile = parseDockerfile(`FROM ${pin}\nUSER app`)
  const judge = (userId: UserId) => judgeBuilt(dockerfile, options, [image('linux/amd64', 'app', userId)])
  expect(judge({ kind: 'known', id: 1000 })).toEqual({ findings: [], unjudged: [] })
  expect(judge({ kind: 'known', id: 0 })).toMatchObject({
    findings: [{ rule: 'non-root-user', line: 2, message: expect.stringContaining('another name of root') }],
  })
  // 2^32: containerd before 2.0.4 makes user 0 of it.
  expect(judge({ kind: 'known', id: 4_294_967_296 })).toMatchObject({
    findings: [{ rule: 'non-root-user', message: expect.stringContaining('some engines take for root') }],
  })
  expect(judge({ kind: 'unknown', because: 'a layer is missing' })).toEqual({
    findings: [],
    unjudged: [
      {
        rule: 'non-root-user',
        line: 2,
        because: 'the number of the user "app" is not known: a layer is missing',
      },
    ],
  })
})
