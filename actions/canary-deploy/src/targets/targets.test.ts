import { describe, expect, test } from '@jest/globals'
import { readerFor } from '@alt-las/testing'
import { parse } from '../inputs.ts'
import type { ReleaseInputs } from '../operation.ts'

const actionYml = new URL('../../action.yml', import.meta.url)
const image = (name: string) => `ghcr.io/alt-las/${name}@sha256:${'a'.repeat(64)}`
const given = { namespace: 'shop', 'metrics-url': 'service://shop/prometheus:9090', steps: '5%, 50%' }
const files = {
  textAt: (path: string) => {
    if (path !== 'release.yaml') throw new Error(`cannot read ${path}`)
    return `- {deployment: web, image: '${image('web')}', manifests: k8s}`
  },
  imagesAt: (pattern: string) => {
    if (pattern !== 'outcomes/*/push-image.json') throw new Error(`${pattern} matches no file`)
    return ['api', 'store'].map((service) => ({ service, image: image(service) }))
  },
}
const named = { imageAt: () => image('web'), smokeAt: () => [] }
const read = (targets: string, more: Record<string, string> = {}) =>
  parse(readerFor(actionYml, { ...given, ...more, targets }), named, files) as ReleaseInputs

const two = `
- deployment: web
  image: ${image('web')}
  manifests: [k8s/namespace.yaml, k8s/web.yaml]
  needs: [store]
  steps: 10%
  bake: 1m
- deployment: store
  image: outcomes/store/push-image.json
  manifests: k8s/store.yaml
  strategy: rolling
  needs: []
`

describe('targets', () => {
  test('a list: each target has its own inputs, else those of the action; what is needed comes first', () => {
    const { targets, operation } = read(two)
    expect(operation).toBe('deploy')
    expect(targets).toMatchObject([
      {
        deployment: 'store',
        strategy: 'rolling',
        needs: [],
        image: image('web'),
        manifests: ['k8s/store.yaml'],
      },
      {
        deployment: 'web',
        strategy: 'canary',
        needs: ['store'],
        manifests: ['k8s/namespace.yaml', 'k8s/web.yaml'],
        steps: { steps: [{ weight: 10 }] },
        judging: { bake: { ms: 60_000, quietMs: 60_000 }, risk: 0.01 },
        source: { metricsUrl: { kind: 'service' } },
      },
    ])
  })

  test('the path of a file', () => {
    expect(read('release.yaml').targets).toMatchObject([{ deployment: 'web', steps: { steps: [{}, {}] } }])
  })

  test('the images of push-image documents, with manifests and needs by service', () => {
    const text = `
outcomes: outcomes/*/push-image.json
manifests: [k8s/namespace.yaml, 'k8s/{service}.yaml']
service: '{service}-internal'
needs: {api: [store]}
`
    expect(read(text).targets).toMatchObject([
      { deployment: 'store', image: image('store'), manifests: ['k8s/namespace.yaml', 'k8s/store.yaml'] },
      { deployment: 'api', needs: ['store'], service: 'api-internal' },
    ])
  })

  const target = (name: string, more = '') =>
    `- {deployment: ${name}, image: '${image(name)}', manifests: k8s${more}}\n`
  test.each([
    ['what is no YAML', 'a: [', /targets: line 1: /],
    ['a text', 'web', /targets: got "web", expected a list of targets, or outcomes/],
    ['an empty list', '[]', /targets: got an empty list/],
    ['a file that is not there', 'other.yaml', /targets: cannot read other.yaml/],
    ['a target without a name', '- {image: x}', /targets: target 1: deployment: is required/],
    ['a target that is a text', '- web', /targets: target 1: got "web", expected a mapping/],
    [
      'an unknown input',
      target('web', ', weight: 5'),
      /targets: web: weight: got an input that a target has not/,
    ],
    ['an input of the release', target('web', ', release: v2'), /targets: web: release: got an input/],
    ['a value that is a mapping', target('web', ', steps: {a: b}'), /targets: web: steps: got a mapping/],
    ['a missing image', '- {deployment: web, manifests: k8s}', /targets: web: image: is required/],
    ['a bad value', target('web', ', bake: soon'), /targets: web: bake: got "soon", expected a duration/],
    ['a pause', target('web', ', pause-at: preview'), /targets: web: pause-at, steps: got a pause/],
    ['a name twice', target('web') + target('web'), /targets: web: is given twice/],
    ['an unknown need', target('web', ', needs: [db]'), /targets: web: needs: got "db", expected one of web/],
    [
      'a cycle',
      target('a', ', needs: [b]') + target('b', ', needs: [c]') + target('c', ', needs: [a]'),
      /targets: needs: got a cycle, a needs b needs c needs a/,
    ],
    ['a need of itself', target('web', ', needs: [web]'), /got a cycle, web needs web/],
    ['no document', 'outcomes: none/*.json\nmanifests: k8s', /targets: none\/\*\.json matches no file/],
    [
      'a need of no service',
      'outcomes: outcomes/*/push-image.json\nmanifests: k8s\nneeds: {db: [api]}',
      /targets: needs: db is no service/,
    ],
  ])('refuses %s', (_, text, says) => {
    expect(() => read(text)).toThrow(says)
  })

  test('all problems of all targets and of the action are told together, each once', () => {
    const act = () => read(target('web', ', bake: soon') + target('api', ', bake: later'), { risk: '80%' })
    expect(act).toThrow('3 inputs are wrong')
    expect(act).toThrow(/risk: got 80%[^]*web: bake: got "soon"[^]*api: bake: got "later"/)
  })

  test('the inputs of a single target are refused beside it', () => {
    const act = () => read(two, { deployment: 'web', image: image('web'), manifests: 'k8s' })
    expect(act).toThrow('3 inputs are wrong')
    expect(act).toThrow('deployment: got "web", expected nothing: each of `targets` has its own')
  })

  test('other operations refuse it', () => {
    expect(() => read(two, { operation: 'rollback' })).toThrow('targets: got a list, expected nothing')
  })
})
