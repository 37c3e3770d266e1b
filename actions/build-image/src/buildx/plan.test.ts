import { describe, expect, test } from '@jest/globals'
import { readerFor } from '@alt-las/testing'
import { parse } from '../inputs.ts'
import { planBuild, planTest, withoutCache, type PlanFacts } from './plan.ts'

const actionYml = new URL('../../action.yml', import.meta.url)
const facts: PlanFacts = {
  workspace: '/work space',
  dockerfile: '/work space/svc/Dockerfile',
  hidden: [],
  epoch: 315532800,
  committedAt: 1767225600,
  revision: 'abc',
  source: 'https://github.com/ALT-LAS/delivery',
  version: '1.2.3',
  layoutPath: '/tmp/layout',
  metadataPath: '/tmp/metadata.json',
}
const inputs = (overrides: Readonly<Record<string, string>>) =>
  parse(readerFor(actionYml, { image: 'ghcr.io/alt-las/x', ...overrides }))

const head = ['build', '--progress=plain', '--provenance=false', '--sbom=false', '--file', 'svc/Dockerfile']
const labels = [
  ...['--label', 'org.opencontainers.image.created=2026-01-01T00:00:00Z'],
  ...['--label', 'org.opencontainers.image.revision=abc'],
  ...['--label', 'org.opencontainers.image.source=https://github.com/ALT-LAS/delivery'],
  ...['--label', 'org.opencontainers.image.version=1.2.3'],
]
const output = [
  '--output',
  'type=oci,dest=/tmp/layout,tar=false,name=ghcr.io/alt-las/x,rewrite-timestamp=true',
]
const foot = ['--metadata-file', '/tmp/metadata.json', ...output]

describe('planBuild', () => {
  // This table is the specification of what buildx is asked.
  test.each<[string, Record<string, string>, readonly string[], readonly string[], string]>([
    ['nothing but an image', {}, [], [], '.'],
    ['context', { context: 'services' }, [], [], 'services'],
    ['target', { target: 'runtime' }, ['--target', 'runtime'], [], '.'],
    [
      'platforms',
      { platforms: 'linux/amd64, linux/arm64' },
      ['--platform', 'linux/amd64,linux/arm64'],
      [],
      '.',
    ],
    ['builder', { builder: 'lab' }, ['--builder', 'lab'], [], '.'],
    ['network', { network: 'none' }, ['--network', 'none'], [], '.'],
    ['shm-size', { 'shm-size': '2gb' }, ['--shm-size', '2gb'], [], '.'],
    ['pull', { pull: 'true' }, ['--pull'], [], '.'],
    ['no-cache', { 'no-cache': 'true' }, ['--no-cache'], [], '.'],
    [
      'no-cache-filters',
      { 'no-cache-filters': 'deps,test' },
      ['--no-cache-filter', 'deps', '--no-cache-filter', 'test'],
      [],
      '.',
    ],
    [
      'add-hosts',
      { 'add-hosts': 'a:1.2.3.4\nb:::1' },
      ['--add-host', 'a:1.2.3.4', '--add-host', 'b:::1'],
      [],
      '.',
    ],
    ['ulimit', { ulimit: 'nofile=1024:1024' }, ['--ulimit', 'nofile=1024:1024'], [], '.'],
    [
      'build-args',
      { 'build-args': 'A=1=2\nHOME\n"B=x,\ny"' },
      ['--build-arg', 'A=1=2', '--build-arg', 'HOME', '--build-arg', 'B=x,\ny'],
      [],
      '.',
    ],
    ['build-contexts', { 'build-contexts': 'lib=../lib' }, ['--build-context', 'lib=../lib'], [], '.'],
    ['secrets', { secrets: 'npm=s3cr3t' }, ['--secret', 'id=npm,env=ALT_LAS_BUILD_SECRET_0'], [], '.'],
    ['secret-envs', { 'secret-envs': 'npm=NPM_AUTH' }, ['--secret', 'id=npm,env=NPM_AUTH'], [], '.'],
    ['secret-files', { 'secret-files': 'npm=a,b.txt' }, ['--secret', 'id=npm,"src=a,b.txt"'], [], '.'],
    ['cache-from', { 'cache-from': 'type=gha' }, ['--cache-from', 'type=gha'], [], '.'],
    ['cache-to', { 'cache-to': 'type=gha,mode=max' }, [], ['--cache-to', 'type=gha,mode=max'], '.'],
    ['labels', { labels: 'team=core' }, [], ['--label', 'team=core'], '.'],
    ['annotations', { annotations: 'index:a=b' }, [], ['--annotation', 'index:a=b'], '.'],
  ])('%s', (_, overrides, flags, late, context) => {
    expect(planBuild(inputs(overrides), facts).args).toEqual([
      ...head,
      ...flags,
      ...labels,
      ...late,
      ...foot,
      context,
    ])
  })

  test('a label of the user wins, an unknown one is left out', () => {
    const { args } = planBuild(inputs({ labels: 'org.opencontainers.image.version=9' }), {
      ...facts,
      committedAt: null,
      revision: '',
      source: '',
    })
    expect(args.filter((word) => word.startsWith('org.'))).toEqual(['org.opencontainers.image.version=9'])
  })

  test('secrets travel in the environment, never in the arguments', () => {
    const { args, env } = planBuild(inputs({ secrets: 'npm=s3cr3t' }), facts)
    expect(args.join(' ')).not.toContain('s3cr3t')
    expect(env).toMatchObject({ ALT_LAS_BUILD_SECRET_0: 's3cr3t', SOURCE_DATE_EPOCH: '315532800' })
  })

  test('a comma in the path of the layout does not end the field', () => {
    const { args } = planBuild(inputs({}), { ...facts, layoutPath: '/tmp/a,b' })
    expect(args).toContain('type=oci,"dest=/tmp/a,b",tar=false,name=ghcr.io/alt-las/x,rewrite-timestamp=true')
  })
})

test('planTest runs the stage with the same arguments and exports nothing', () => {
  const given = inputs({
    'test-target': 'test',
    target: 'runtime',
    'build-args': 'A=1',
    'cache-to': 'type=gha',
    labels: 'a=b',
  })
  expect(planTest(given, facts, 'test').args).toEqual([
    ...head,
    '--target',
    'test',
    '--build-arg',
    'A=1',
    '--output',
    'type=cacheonly',
    '.',
  ])
})

test('withoutCache takes out the caches and nothing else', () => {
  const plan = planBuild(inputs({ 'cache-from': 'type=gha', 'cache-to': 'type=gha' }), facts)
  expect(withoutCache(plan)).toEqual(planBuild(inputs({}), facts))
})

test.each([
  ['', false],
  ['type=registry,ref=x', false],
  ['type=gha,scope=a', true],
  ['scope=a,type=gha', true],
])('with the cache %j the token of the cache is passed on: %p', (cache, expected) => {
  const { keep } = planBuild(inputs({ 'cache-from': cache, 'secret-envs': 'a=MINE' }), facts)
  expect(keep.includes('ACTIONS_RUNTIME_TOKEN')).toBe(expected)
  expect(keep).toContain('MINE')
})

test('buildx asks git nothing of the checkout, whose configuration may name programs', () => {
  expect(planBuild(inputs({}), facts).env).toMatchObject({
    BUILDX_GIT_INFO: 'false',
    BUILDX_GIT_LABELS: 'false',
  })
})
