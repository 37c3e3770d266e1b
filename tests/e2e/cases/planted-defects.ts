import assert from 'node:assert/strict'
import { openEnvironment, type Environment } from '../environment/environment.ts'
import { verifyEnvironment } from '../environment/verify.ts'
import { play, saidBy } from '../defects/plant.ts'
import { defects } from '../defects/table.ts'
import type { Case } from './case.ts'

const place = { namespace: 'atlas-trial', host: 'trial.alt-las.lab' }
const healthyRuns = 10

export const plantedDefects: Case = {
  name: 'planted-defects',
  title: `each of ${defects.length} planted defects is found by the check that should, in words, and nothing else is; ${healthyRuns} runs on the healthy system find nothing`,
  minutes: 150,
  needs: 'v1.0.0',
  run: async ({ stack }) => {
    const environment = await openEnvironment(stack, place)
    try {
      await healthy(environment)
      const problems = await planted(environment)
      assert.deepEqual(problems, [])
    } finally {
      await environment.close()
    }
  },
}

async function healthy(environment: Environment): Promise<void> {
  for (let run = 1; run <= healthyRuns; run += 1) {
    const verified = await verifyEnvironment(environment)
    console.log(`healthy, run ${run}: ${verified.because} (${verified.seconds.toFixed(0)} s)`)
    assert.deepEqual(saidBy(verified), [])
    assert.equal(verified.outcome, 'passed')
  }
}

/** All of them are played: one that is not found says nothing about the others. */
async function planted(environment: Environment): Promise<readonly string[]> {
  const wrong: string[] = []
  for (const [index, defect] of defects.entries()) {
    const { problems, said, seconds } = await play(defect, environment)
    console.log(`${index + 1}/${defects.length} ${defect.name} (${seconds.toFixed(0)} s)`)
    for (const sentence of said) console.log(`    ${sentence}`)
    for (const problem of problems) console.log(`    !! ${problem}`)
    wrong.push(...problems.map((problem) => `${defect.name}: ${problem}`))
  }
  return wrong
}
