import { readdir } from 'node:fs/promises'
import { describe, expect, test } from '@jest/globals'
import { buildImage } from './build-image.ts'
import { outputsOf, summarize } from './summary.ts'
import { busyRegistry, failedInstall, failedTest } from './testing/logs.ts'
import { goodConfig, goodDockerfile, scene, type Scene } from './testing/build.ts'

async function run(setting: Scene = {}) {
  const stage = await scene(setting)
  return { ...stage, result: buildImage(stage.inputs, stage.ports) }
}
const builds = ({ process }: { process: { runs: readonly { args: readonly string[] }[] } }) =>
  process.runs.filter(({ args }) => args.includes('build'))

describe('buildImage', () => {
  test('builds a layout and proves its digest', async () => {
    const { result } = await run()
    const outcome = await result
    expect(outcome).toMatchObject({
      kind: 'passed',
      subject: { image: outcome.built?.image, digest: outcome.built?.digest },
    })
    expect(outcome.because).toMatch(/^built ghcr.io\/alt-las\/x@sha256:[0-9a-f]{64} for linux\/amd64$/)
    const given = outputsOf(outcome)
    expect(given).toMatchObject({ digest: outcome.built?.digest, reused: 'false' })
    expect(await readdir(given['oci-layout'] ?? '')).toContain('index.json')
    expect(JSON.parse(given['platforms'] ?? '')).toHaveProperty(
      ['linux/amd64', 'digest'],
      outcome.built?.digest,
    )
  })

  test('the digest of several platforms is that of the index', async () => {
    const platforms = [
      { os: 'linux', architecture: 'amd64' },
      { os: 'linux', architecture: 'arm64' },
    ]
    const outcome = await (await run({ layout: { platforms } })).result
    expect(outcome.built?.platforms.map(({ platform }) => platform)).toEqual(['linux/amd64', 'linux/arm64'])
    expect(outcome.built?.platforms.map(({ digest }) => digest)).not.toContain(outcome.built?.digest)
  })

  test('tests run first, and the build after them', async () => {
    const stage = await run({ inputs: { 'test-target': 'test' } })
    await expect(stage.result).resolves.toMatchObject({
      kind: 'passed',
      test: { passed: true },
    })
    expect(stage.known().timings).toMatchObject([{ name: 'test' }, { name: 'build' }, { name: 'released' }])
    expect(builds(stage).map(({ args }) => args.includes('type=cacheonly'))).toEqual([true, false])
  })

  test('a failed test is a refusal with the end of its log, and nothing is built', async () => {
    const stage = await run({ inputs: { 'test-target': 'test' }, test: { code: 1, stderr: failedTest } })
    const outcome = await stage.result
    expect(outcome).toMatchObject({ kind: 'refused', built: null, test: { passed: false, line: 5 } })
    expect(outcome.because).toMatch(
      /^tests failed in stage test: \[test 1\/1\] RUN .* at Dockerfile:5: ended with exit code: 3, nothing was built$/,
    )
    expect(builds(stage)).toHaveLength(1)
    expect(summarize(outcome).findings).toMatchObject([{ effect: 'refuses', file: 'Dockerfile', line: 5 }])
    expect(outputsOf(outcome)).toMatchObject({ 'oci-layout': '', digest: '', platforms: '{}' })
  })

  test('a failed test whose log speaks of the network is not tried again', async () => {
    const flaky = failedTest.replace('not ok 1', 'ECONNRESET')
    const stage = await run({ inputs: { 'test-target': 'test' }, test: { code: 1, stderr: flaky } })
    await expect(stage.result).resolves.toMatchObject({ kind: 'refused' })
    expect(builds(stage)).toHaveLength(1)
  })

  test('a test stage that cannot be reached is a failure, not a refusal', async () => {
    const stage = await run({
      inputs: { 'test-target': 'test', attempts: '1' },
      test: { code: 1, stderr: failedInstall },
    })
    await expect(stage.result).rejects.toMatchObject({ code: 'build-failed' })
    await expect(stage.result).rejects.toThrow('test stage test could not be run: [deps 3/3]')
  })

  test('a failed build is a failure with step, line and the end of the log', async () => {
    const stage = await run({ inputs: { attempts: '1' }, builds: [{ code: 1, stderr: failedInstall }] })
    await expect(stage.result).rejects.toThrow(
      'the build failed: [deps 3/3] RUN ["npm", "ci"] at Dockerfile:7: ended with exit code: 1\nnpm error code ECONNRESET',
    )
  })

  test('a failed build keeps what was known until then', async () => {
    const stage = await run({
      inputs: { attempts: '1', 'test-target': 'test' },
      builds: [{ code: 1, stderr: failedInstall }],
    })
    await expect(stage.result).rejects.toMatchObject({ code: 'build-failed' })
    expect(stage.known()).toMatchObject({
      subject: { image: 'ghcr.io/alt-las/x' },
      evidence: { revision: 'c0ffee', version: '1.2.3', findings: [], test: { passed: true } },
      timings: [{ name: 'test' }, { name: 'build' }],
    })
  })

  test('a busy registry is tried again', async () => {
    const stage = await run({ builds: [{ code: 1, stderr: busyRegistry }, {}] })
    await expect(stage.result).resolves.toMatchObject({ kind: 'passed' })
  })

  test.each<[string, Scene, string]>([
    ['a digest that the layout does not have', { told: `sha256:${'0'.repeat(64)}` }, 'digest-mismatch'],
    ['no metadata at all', { told: null }, 'digest-missing'],
    [
      'a commit whose time is asked for and not known',
      { inputs: { 'source-date-epoch': 'commit' }, committedAt: null },
      'commit-time-unknown',
    ],
  ])('%s is a failure', async (_, setting, code) => {
    await expect((await run(setting)).result).rejects.toMatchObject({ code })
  })

  test('without git the image is built, only its label of the time is missing', async () => {
    const stage = await run({ committedAt: null })
    await stage.result
    expect(builds(stage)[0]?.args.join(' ')).not.toContain('image.created')
  })

  test('all that the inputs name and is not there is reported together', async () => {
    const stage = await run({
      inputs: { context: 'nope', 'secret-files': 'a=.npmrc', 'secret-envs': 'b=UNSET' },
    })
    await expect(stage.result).rejects.toThrow(
      '4 inputs are wrong:\n- context: nope does not exist, expected a directory of the checkout\n- file: nope/Dockerfile does not exist, expected a file of the checkout\n- secret-files: .npmrc does not exist, expected a file of the checkout\n- secret-envs: b names the variable UNSET, which is not set',
    )
  })

  test('an interruption stops before anything is written', async () => {
    const stage = await run({ builds: [{ code: null, endedBy: 'abort' }] })
    await expect(stage.result).rejects.toMatchObject({ code: 'interrupted' })
  })
})

describe('practice', () => {
  const rooted = goodDockerfile.replace('USER 65532', 'USER root')
  const rootImage = { config: { ...goodConfig, User: 'root' } }

  test('a finding of the source refuses before the builder is even looked for', async () => {
    const stage = await run({ dockerfile: goodDockerfile.replace(/@sha256:a+/, ':24') })
    const outcome = await stage.result
    expect(outcome).toMatchObject({ kind: 'refused', built: null })
    expect(outcome.because).toBe(
      '1 practice finding: line 1: node:24 is not pinned by digest; name it as image@sha256:… (pinned-base)',
    )
    expect(stage.process.runs.map(({ command }) => command)).toEqual(['git'])
    expect(summarize(outcome).findings).toMatchObject([
      { effect: 'refuses', file: 'Dockerfile', line: 1, title: 'practice: pinned-base' },
    ])
  })

  test('a finding in the image refuses after the build, at the line of the Dockerfile', async () => {
    const stage = await run({ dockerfile: rooted, layout: rootImage })
    const outcome = await stage.result
    expect(outcome).toMatchObject({ kind: 'refused', findings: [{ rule: 'non-root-user', line: 2 }] })
    expect(outcome.because).toBe(
      '1 practice finding: line 2: the image runs as root; set a numeric USER other than 0 (non-root-user)',
    )
    expect(outcome.built).not.toBeNull()
  })

  test('what could not be judged is said and refuses nothing', async () => {
    const dockerfile = `${goodDockerfile}ADD $MIRROR/x /x\n`
    const outcome = await (await run({ dockerfile })).result
    expect(outcome.kind).toBe('passed')
    expect(outcome.because).toContain(
      '; add-url could not be judged at line 5, because MIRROR may come from the base image',
    )
    expect(summarize(outcome).findings).toEqual([
      {
        effect: 'warns',
        title: 'practice: add-url',
        message: 'add-url could not be judged, because MIRROR may come from the base image',
        file: 'Dockerfile',
        line: 5,
      },
    ])
  })

  test('a waived rule refuses no more and stands in the summary with its reason', async () => {
    const outcome = await (
      await run({
        dockerfile: rooted,
        layout: rootImage,
        inputs: { 'practice-waivers': 'non-root-user: needs port 80' },
      })
    ).result
    expect(outcome).toMatchObject({ kind: 'passed', findings: [{ kind: 'waived', reason: 'needs port 80' }] })
    expect(JSON.stringify(summarize(outcome).blocks)).toContain('waived: needs port 80')
  })

  test('a waiver that waives nothing is a warning', async () => {
    const outcome = await (await run({ inputs: { 'practice-waivers': 'add-url: old' } })).result
    expect(summarize(outcome).findings).toEqual([
      { effect: 'warns', message: 'practice-waivers: add-url waives nothing; remove it' },
    ])
  })

  test.each<[string, number]>([
    ['report', 1],
    ['off', 0],
  ])('with practice %s nothing is refused', async (practice, found) => {
    const outcome = await (await run({ dockerfile: rooted, layout: rootImage, inputs: { practice } })).result
    expect(outcome.kind).toBe('passed')
    expect(outcome.findings).toHaveLength(found)
  })

  test('with gate: report the image is built all the same, and refused', async () => {
    const setting = {
      dockerfile: rooted,
      layout: rootImage,
      inputs: { gate: 'report', 'test-target': 'test' },
      test: { code: 1, stderr: failedTest },
    }
    const outcome = await (await run(setting)).result
    expect(outcome.kind).toBe('refused')
    expect(outcome.because).toMatch(/^tests failed in stage test: .*; 1 practice finding:/)
    expect(outputsOf(outcome)['oci-layout']).not.toBe('')
  })

  test('an image above the limit is refused, with both sizes', async () => {
    const outcome = await (await run({ inputs: { 'size-limit': '10B' } })).result
    expect(outcome.because).toBe('the image for linux/amd64 has 18 B, more than the limit of 10 B')
  })
})

test('no secret of any input reaches log or document, whatever a step prints', async () => {
  const printed = 'said-in-secrets value-of-SET said-in-password said-in-token'
  const stage = await run({
    inputs: {
      'test-target': 'test',
      secrets: '"a=said-in-secrets\rsecond-line"',
      'secret-envs': 'b=SET',
      username: 'me',
      password: 'said-in-password',
      'github-token': 'said-in-token',
    },
    test: { code: 1, stderr: failedTest.replace('not ok 1', `${printed} second-line`) },
  })
  const all = JSON.stringify([await stage.result, stage.log.lines])
  for (const secret of [...printed.split(' '), 'second-line']) {
    expect(all).not.toContain(secret)
    expect(stage.masked).toContain(secret)
  }
})
