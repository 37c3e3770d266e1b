import { describe, expect, test } from '@jest/globals'
import { chooseService, serviceName } from '../index.ts'

describe('serviceName', () => {
  test.each(['api-gateway', 'A', 'web_2.0'])('%j is a name', (raw) => {
    expect(serviceName(raw, 'service')).toBe(raw)
  })

  test.each([
    '..',
    '.',
    '../web',
    'a/b',
    'a\\b',
    '/etc',
    '-a',
    '.web',
    'web.',
    'a b',
    'ä',
    'a'.repeat(64),
    'a\0b',
  ])('%j is none: it becomes a folder', (raw) => {
    expect(() => serviceName(raw, 'service')).toThrow('expected a name')
  })
})

describe('chooseService', () => {
  test.each([
    [{ service: 'web', image: 'ghcr.io/x/api' }, 'web'],
    [{ service: null, image: 'ghcr.io/x/api@sha256:00', deployment: 'web' }, 'api'],
    [{ image: 'localhost:5000/api:1.2' }, 'api'],
    [{ image: 'api' }, 'api'],
    [{ image: 'outcomes/api/push-image.json', deployment: 'web' }, 'web'],
    [{ deployment: 'deployment/web' }, 'web'],
    [{ image: 'ghcr.io/x/..', deployment: '' }, 'release'],
    [{ service: '../../etc' }, 'release'],
    [{}, 'release'],
  ])('%j is %s', (hints, service) => {
    expect(chooseService(hints)).toBe(service)
  })
})
