import { expect, test } from '@jest/globals'
import { scanTrivy } from './scan-trivy.ts'
import { summarize } from './summary.ts'
import { scene, type Scene } from './testing/scan.ts'

const refusals = async (setting: Scene) => {
  const { inputs, ports } = await scene(setting)
  const { findings = [] } = summarize(await scanTrivy(inputs, ports))
  return findings.filter(({ effect }) => effect === 'refuses').map(({ file, line }) => [file, line])
}

test('findings in files of the checkout name file and line', async () => {
  const inputs = { input: '', 'scan-ref': 'src', scanners: 'vuln,secret' }
  expect(await refusals({ inputs, checkout: { 'src/root/creds.txt': '' } })).toEqual([
    ['src/root/creds.txt', 1],
    ['src/app/node_modules/lodash/package.json', undefined],
  ])
})

test('findings in an image name no file: it is none of the repository', async () => {
  expect(await refusals({})).toEqual([
    [undefined, undefined],
    [undefined, undefined],
  ])
})
