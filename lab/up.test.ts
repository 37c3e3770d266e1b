import { expect, test } from '@jest/globals'
import { mountsBeneath } from './down.ts'
import { stages } from './up.ts'

test('every part has a name of its own, and what the machine was like is written down before anything else', () => {
  const names = stages.flat().map((part) => part.name)
  expect(new Set(names).size).toBe(names.length)
  expect(stages[0]?.map((part) => part.name)).toEqual(['the machine as it was'])
})

test.each([
  ['etcd', 'kube-apiserver'],
  ['containerd', 'kubelet'],
  ['registry', 'platform images'],
  ['platform images', 'dns'],
  ['gateway resources', 'gateway'],
  ['certificates', 'registry'],
])('%s comes up before %s', (first, second) => {
  const stageOf = (name: string): number =>
    stages.findIndex((stage) => stage.some((part) => part.name === name))
  expect(stageOf(first)).toBeGreaterThanOrEqual(0)
  expect(stageOf(first)).toBeLessThan(stageOf(second))
})

test('mounts beneath the home are taken away from the inside out, and no others', () => {
  const mounts =
    'tmpfs /lab/a tmpfs rw 0 0\nproc /lab/a/b proc rw 0 0\n/dev/vda / ext4 rw 0 0\nx /laboratory/a x rw 0 0\n'
  expect(mountsBeneath('/lab', mounts)).toEqual(['/lab/a/b', '/lab/a'])
})
