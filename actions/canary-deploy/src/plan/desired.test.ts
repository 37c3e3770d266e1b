import { describe, expect, test } from '@jest/globals'
import type { Container, Deployment } from '@alt-las/kubernetes'
import { desiredDeployment } from './desired.ts'

const digest = `sha256:${'a'.repeat(64)}`
const image = `localhost:5000/web@${digest}`
const wanted = { strategy: 'canary' as const, namespace: 'shop', deployment: 'web', container: null, image }

function manifest(containers: readonly Partial<Container>[], name = 'web'): Deployment {
  const labels = { app: name }
  const template = { metadata: { labels }, spec: { containers: containers as readonly Container[] } }
  const spec = { selector: { matchLabels: labels }, template }
  return { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name }, spec }
}

describe('the Deployment of the manifests', () => {
  test('gets the image in the named container only', () => {
    const sidecar = { name: 'sidecar', image: 'localhost:5000/sidecar:1' }
    const objects = [manifest([{ name: 'web', image: 'localhost:5000/web:old' }, sidecar])]
    const { deployment, container } = desiredDeployment(objects, { ...wanted, container: 'web' })
    expect(container).toBe('web')
    expect(deployment.spec.template.spec.containers).toEqual([{ name: 'web', image }, sidecar])
  })

  test('gets it in every container and init container of the released repository; the others are named', () => {
    const of = (name: string, tagged: string) => ({ name, image: `localhost:5000/${tagged}` })
    const containers = [of('web', 'web:old'), of('proxy', 'proxy:1')]
    const found = manifest(containers)
    const initContainers = [
      of('prepare', 'web:1.0'),
      of('side', 'web'),
      of('pinned', `web@${digest.replace('a', 'b')}`),
      of('wait', 'web-wait:1'),
    ]
    const { template } = found.spec
    const spec = { ...found.spec, template: { ...template, spec: { containers, initContainers } } }
    const { deployment, kept } = desiredDeployment([{ ...found, spec } as Deployment], {
      ...wanted,
      container: 'web',
    })
    const images = deployment.spec.template.spec
    expect(images.initContainers?.map((one) => one.image)).toEqual([
      image,
      image,
      image,
      'localhost:5000/web-wait:1',
    ])
    expect(images.containers.map((one) => one.image)).toEqual([image, 'localhost:5000/proxy:1'])
    expect(kept.map(({ name }) => name)).toEqual(['wait', 'proxy'])
  })

  test('gets the digest in IMAGE_DIGEST where the container has one', () => {
    const env = [
      { name: 'IMAGE_DIGEST', value: 'none' },
      { name: 'A', value: 'b' },
    ]
    const { deployment } = desiredDeployment([manifest([{ name: 'web', env }])], wanted)
    expect(deployment.spec.template.spec.containers[0]?.env).toEqual([
      { name: 'IMAGE_DIGEST', value: digest },
      env[1],
    ])
  })

  test('gets it as the pod annotation that IMAGE_DIGEST is read from', () => {
    const env = [
      { name: 'IMAGE_DIGEST', valueFrom: { fieldRef: { fieldPath: "metadata.annotations['x/digest']" } } },
    ]
    const { deployment } = desiredDeployment([manifest([{ name: 'web', env }])], wanted)
    expect(deployment.spec.template.metadata?.annotations).toEqual({ 'x/digest': digest })
    expect(deployment.spec.template.spec.containers[0]?.env).toEqual(env)
  })

  test.each([
    [[], {}, 'the manifests contain no Deployment shop/web'],
    [[manifest([{ name: 'web' }], 'other')], {}, 'contain no Deployment shop/web'],
    [[manifest([{ name: 'a' }, { name: 'b' }])], {}, 'Deployment shop/web has 2 containers'],
    [[manifest([{ name: 'a' }])], { container: 'b' }, 'Deployment shop/web has no container b'],
  ])('is refused where it is unclear', (objects, overrides, why) => {
    expect(() => desiredDeployment(objects, { ...wanted, ...overrides })).toThrow(why)
  })
})
