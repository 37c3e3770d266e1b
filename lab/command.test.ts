import { describe, expect, test } from '@jest/globals'
import { parseCommand } from './command.ts'

describe('the words after npm run lab --', () => {
  test.each([
    [[], { kind: 'default' }],
    [['up'], { kind: 'up' }],
    [['metrics-server'], { kind: 'extra', name: 'metrics-server' }],
    [['restart-node'], { kind: 'restart-node' }],
    [['--help'], { kind: 'help' }],
    [['logs'], { kind: 'logs', part: null }],
    [['logs', 'etcd'], { kind: 'logs', part: 'etcd' }],
    [['cancel'], { kind: 'cancel', run: null }],
    [['cancel', '3'], { kind: 'cancel', run: 3 }],
    [['traffic', '20/s'], { kind: 'traffic', rate: 20 }],
    [['traffic', '5'], { kind: 'traffic', rate: 5 }],
    [['traffic', 'off'], { kind: 'traffic', rate: 0 }],
    [['release', 'v1.0.0'], { kind: 'release', tag: 'v1.0.0', from: null, repository: null, variables: {} }],
    [
      ['release', 'v1.5.0', '--from', '/clone', '--var', 'A=b=c', '--var', 'D=', '--repository', 'o/n'],
      { kind: 'release', tag: 'v1.5.0', from: '/clone', repository: 'o/n', variables: { A: 'b=c', D: '' } },
    ],
    [
      ['dispatch', 'rollback.yaml', 'service=all', 'to-release='],
      {
        kind: 'dispatch',
        ref: null,
        workflow: 'rollback.yaml',
        inputs: { service: 'all', 'to-release': '' },
        variables: {},
      },
    ],
  ])('%j are read', (words, expected) => {
    expect(parseCommand(words)).toEqual(expected)
  })

  test.each([
    [['releese'], 'command: got releese'],
    [['release'], 'a tag is missing'],
    [['traffic'], 'a rate is missing'],
    [['traffic', '0/s'], 'traffic: got 0/s, expected `off`, or `1/s` to `200/s`'],
    [['traffic', '20/m'], 'traffic: got 20/m'],
    [['traffic', '900/s'], 'traffic: got 900/s'],
    [['release', 'v1', '--form', 'x'], "Unknown option '--form'"],
    [['release', 'v1', '--from'], "'--from <value>' argument missing"],
    [['dispatch', 'x.yaml', 'service'], 'key=value: got service'],
  ])('%j are refused with what was wrong', (words, message) => {
    expect(() => parseCommand(words)).toThrow(message)
  })
})
