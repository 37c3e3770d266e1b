import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { parse } from 'yaml'
import { peerInputs as build } from '../../actions/build-image/src/peer-inputs.ts'
import { peerInputs as deploy } from '../../actions/canary-deploy/src/peer-inputs.ts'
import { peerInputs as push } from '../../actions/push-image/src/peer-inputs.ts'
import { peerInputs as scan } from '../../actions/scan-trivy/src/peer-inputs.ts'

// Each of these would only be a warning of the runner, and our default would take its place.
test.each([
  ['build-image', build],
  ['scan-trivy', scan],
  ['push-image', push],
  ['canary-deploy', deploy],
])('%s refuses inputs of its peers, and none of its own', (action, peers) => {
  const path = join(import.meta.dirname, '../../actions', action, 'action.yml')
  const { inputs } = parse(readFileSync(path, 'utf8')) as {
    readonly inputs: Readonly<Record<string, object>>
  }
  const names = Object.keys(peers)
  expect(names.length).toBeGreaterThan(5)
  expect(names.filter((name) => name in inputs)).toEqual([])
})
