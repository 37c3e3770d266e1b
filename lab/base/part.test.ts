import { describe, expect, test } from '@jest/globals'
import { mkdirSync, writeFileSync } from 'node:fs'
import { fakeLab } from './fake-lab.ts'
import { at } from './lab.ts'
import { bringUp, bringUpStages, type Part } from './part.ts'

function fakePart(
  name: string,
  state: { up: boolean; readyAfter: number },
): Part & { readonly calls: string[] } {
  const calls: string[] = []
  let asked = 0
  return {
    name,
    calls,
    isUp: () => Promise.resolve(state.up),
    start: () => {
      calls.push('start')
      return Promise.resolve()
    },
    isReady: () => Promise.resolve(++asked > state.readyAfter),
    patience: 2,
  }
}

describe('bringing a part up', () => {
  test('starts what is down and waits until it is ready', async () => {
    const part = fakePart('etcd', { up: false, readyAfter: 3 })
    const lab = fakeLab()
    await bringUp(lab, part)
    expect(part.calls).toEqual(['start'])
    expect(lab.logged).toEqual(['etcd: ready (0.6s)'])
  })

  test('leaves alone what is up', async () => {
    const part = fakePart('etcd', { up: true, readyAfter: 0 })
    const lab = fakeLab()
    await bringUp(lab, part)
    expect(part.calls).toEqual([])
    expect(lab.logged).toEqual(['etcd: was up (0.0s)'])
  })

  test('gives up with the end of the part’s log', async () => {
    const lab = fakeLab()
    mkdirSync(at(lab, 'logs'), { recursive: true })
    writeFileSync(at(lab, 'logs', 'etcd.log'), 'fine\naddress already in use\n')
    await expect(bringUp(lab, fakePart('etcd', { up: false, readyAfter: 99 }))).rejects.toThrow(
      'etcd: not there after 2s\nfine\naddress already in use',
    )
  })
})

test('a failed stage reports all its failures, and the next one does not begin', async () => {
  const late = fakePart('late', { up: false, readyAfter: 0 })
  const broken = (name: string): Part => fakePart(name, { up: false, readyAfter: 99 })
  const stages = [[broken('one'), broken('two')], [late]]
  await expect(bringUpStages(fakeLab(), stages)).rejects.toThrow(/one: not there.*two: not there/s)
  expect(late.calls).toEqual([])
})
