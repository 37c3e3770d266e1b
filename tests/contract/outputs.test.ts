import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import type { ActionName } from '@alt-las/outcome'
import { sampleEvidence } from '@alt-las/testing'
import { actionNames, readActionYml, root } from '../../scripts/actions.ts'

/** What runAction sets on every path. */
const common = ['outcome', 'because', 'report']

/** What an outcome has beside its evidence, as outputsOf reads it. */
const parts: Readonly<Record<ActionName, object>> = {
  'build-image': { built: null, test: null, findings: [], unusedWaivers: [] },
  'scan-trivy': { files: {}, fresh: [], refusing: [] },
  'push-image': {},
  'canary-deploy': { targets: [] },
  verify: { checks: [], load: null, bottleneck: null, capacity: null, junit: '/results/junit.xml' },
  'release-report': { page: '/results/page.html', services: [], conclusion: { outcome: 'passed' } },
}
const summaries: Partial<Record<string, string>> = { 'canary-deploy': 'src/summary/summary.ts' }

describe.each(actionNames())('actions/%s', (name) => {
  test('sets exactly the outputs that action.yml declares', async () => {
    const { outputsOf } = (await import(
      join(root, 'actions', name, summaries[name] ?? 'src/summary.ts')
    )) as { outputsOf: (outcome: object) => Readonly<Record<string, string>> }
    const evidence = sampleEvidence[name as ActionName]
    const outputs = outputsOf({ kind: 'passed', because: '', evidence, ...parts[name as ActionName] })
    expect([...common, ...Object.keys(outputs)].sort()).toEqual(
      Object.keys(readActionYml(name).outputs).sort(),
    )
    for (const value of Object.values(outputs)) expect(typeof value).toBe('string')
  })
})
