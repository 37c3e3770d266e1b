import { expect, test } from '@jest/globals'
import { copiedTo, withImages } from '../e2e/environment/copy.ts'

const text = `
apiVersion: apps/v1
kind: Deployment
metadata: { name: web, namespace: atlas-beta }
spec:
  template:
    metadata: { annotations: { kept: 'yes' } }
    spec:
      containers:
        - { name: web, image: ghcr.io/o/web, env: [{ name: URL, value: http://gateway.atlas-beta.svc:8081 }] }
        - { name: other, image: ghcr.io/o/other }
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: atlas, namespace: atlas-beta }
spec: { listeners: [{ hostname: beta.alt-las.example.com }] }
`
const place = { namespace: 'trial', host: 'trial.lab' }

test('a copy has its own namespace, also within addresses, and its own host', () => {
  const copied = copiedTo(place, text)
  expect(copied.map(({ metadata }) => metadata.namespace)).toEqual(['trial', 'trial'])
  expect(JSON.stringify(copied)).toContain('http://gateway.trial.svc:8081')
  expect(copied[1]).toMatchObject({ spec: { listeners: [{ hostname: 'trial.lab' }] } })
  expect(JSON.stringify(copied)).not.toMatch(/beta/)
})

test('the digest goes into the container of the service alone, and into the annotation', () => {
  const [deployment] = withImages(copiedTo(place, text), { web: 'sha256:abc' })
  expect(deployment).toMatchObject({
    spec: {
      template: {
        metadata: { annotations: { kept: 'yes', 'delivery.alt-las.dev/image-digest': 'sha256:abc' } },
        spec: { containers: [{ image: 'ghcr.io/o/web@sha256:abc' }, { image: 'ghcr.io/o/other' }] },
      },
    },
  })
})
