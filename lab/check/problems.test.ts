import { describe, expect, test } from '@jest/globals'
import { parseListeners } from './machine.ts'
import { problems, type Machine } from './problems.ts'

const good: Machine = {
  platform: 'linux/x64',
  user: 0,
  node: '24.21.0',
  go: 'go1.26.8',
  missing: [],
  cgroups: true,
  listeners: [],
  own: [],
  freeGigabytes: 40,
  cacheFreeGigabytes: 40,
  memoryGigabytes: 16,
}

describe('a machine', () => {
  test('with everything on it has no problems', () => {
    expect(problems(good)).toEqual([])
  })

  test('lists everything that is missing at once', () => {
    const seen = problems({
      ...good,
      user: 1000,
      go: null,
      missing: ['skopeo'],
      cgroups: false,
      memoryGigabytes: 2,
    })
    expect(seen.map((one) => one.split(':')[0])).toEqual(['user', 'go', 'skopeo', 'cgroups', 'memory'])
  })

  test.each([
    ['go1.20.9', 1],
    ['go1.21', 0],
    ['go1.26.8', 0],
    ['go2.0', 0],
  ])('with %s has %d problems', (go, count) => {
    expect(problems({ ...good, go })).toHaveLength(count)
  })

  test('names the process that holds a port', () => {
    const listeners = parseListeners('LISTEN 0 511 0.0.0.0:443 0.0.0.0:* users:(("nginx",pid=812,fd=6))\n')
    expect(problems({ ...good, listeners })).toEqual([
      'port 443 for registry: taken by nginx (812) on 0.0.0.0; stop it',
    ])
  })

  test('is not in the way of itself: ports of the running lab are not taken', () => {
    const listeners = parseListeners('LISTEN 0 4096 *:6443 *:* users:(("hyperkube",pid=77,fd=3))\n')
    expect(problems({ ...good, listeners, own: [77] })).toEqual([])
  })

  test('may hold the same port on another address', () => {
    const listeners = parseListeners('LISTEN 0 511 127.0.0.1:443 0.0.0.0:* users:(("x",pid=1,fd=6))\n')
    expect(problems({ ...good, listeners })).toEqual([])
  })
})

test.each([
  [
    'LISTEN 0 128 [::1]:22 [::]:* users:(("sshd",pid=9,fd=3))',
    { address: '::1', port: 22, process: 'sshd', pid: 9 },
  ],
  ['LISTEN 0 128 127.0.0.53%lo:53 0.0.0.0:*', { address: '127.0.0.53', port: 53, process: null, pid: null }],
])('the line %s is read', (line, expected) => {
  expect(parseListeners(line)).toEqual([expected])
})
