import { describe, expect, test } from '@jest/globals'
import { Failure } from '@alt-las/failure'
import type { Deployment, HTTPRoute, Service } from '@alt-las/kubernetes'
import { canaryDeploy } from './canary-deploy.ts'
import type { Inputs } from './inputs.ts'
import { inputs, simulatedLab, v1, v2, type SimulatedLab } from './simulated/lab.ts'
import { mortal, type Death } from './simulated/mortal.ts'

interface Story {
  readonly name: string
  /** Releases that are there before. */
  readonly before: readonly string[]
  readonly inputs: Partial<Inputs>
  readonly prepare?: (lab: SimulatedLab) => void
}

const quick = {
  steps: {
    pauseAtPreview: false,
    steps: [
      { weight: 10, holdMs: 5000 },
      { weight: 50, holdMs: 5000 },
    ],
  },
}
const stories: readonly Story[] = [
  { name: 'first installation', before: [], inputs: { ...quick, image: v1, release: 'v1' } },
  { name: 'promotion', before: [v1], inputs: { ...quick, image: v2, release: 'v2' } },
  {
    name: 'a bad version',
    before: [v1],
    inputs: { ...quick, image: v2, release: 'v2' },
    prepare: (lab) => void lab.errors.set(v2, 0.5),
  },
  {
    name: 'a crash at start',
    before: [v1],
    inputs: { ...quick, image: v2, release: 'v2' },
    prepare: (lab) => void lab.behaviours.set(v2, 'crash'),
  },
  { name: 'rollback', before: [v1, v2], inputs: { operation: 'rollback', image: '' } },
]

describe.each(stories)('$name', (story) => {
  test('killed or refused at any write and begun anew, it ends as if nothing had happened', async () => {
    const calm = await played(story, null)
    expect(calm.violations).toEqual([])
    for (const death of deaths(calm.writes)) {
      const ended = await played(story, death)
      expect({ ...death, ...ended, writes: 0 }).toEqual({ ...death, ...calm, writes: 0 })
    }
  }, 600_000)
})

/** Everything that can befall every write with EVERY_HISTORY=1; else one in twenty-nine of these, spread over all. */
function deaths(writes: number): readonly Death[] {
  const all = Array.from({ length: writes }, (_, i) => i + 1).flatMap((at): Death[] => [
    { at, when: 'before' },
    { at, when: 'after' },
    { at, when: 'refused' },
    { at, when: 'unanswered' },
  ])
  return process.env['EVERY_HISTORY'] === '1' ? all : all.filter((_, index) => index % 29 === 5)
}

async function played(story: Story, death: Death | null) {
  const lab = simulatedLab()
  for (const [index, image] of story.before.entries()) {
    await canaryDeploy(
      inputs({ ...quick, image, release: `before-${String(index)}` }),
      lab.runner('earlier/1/1'),
    )
    lab.settle()
  }
  story.prepare?.(lab)
  const first = mortal(lab.cluster, death)
  const outcome = canaryDeploy(inputs(story.inputs), lab.runner('first/1/1', undefined, first.cluster))
  const died = await outcome.then(
    () => false,
    () => true,
  )
  if (died) await canaryDeploy(inputs(story.inputs), lab.runner('second/1/1')).catch(tolerated)
  lab.settle()
  return { ...rest(lab), writes: first.count(), violations: [...new Set(lab.violations)] }
}

/** A rollback that was complete when its runner died finds nothing more to go back to. */
function tolerated(error: unknown): void {
  if (!(error instanceof Failure) || error.code !== 'no-release') throw error
}

/** All that a user would see afterwards. */
function rest({ cluster }: SimulatedLab) {
  return {
    deployments: cluster
      .all<Deployment>('Deployment')
      .map((one) => [one.metadata.name, one.spec.template.spec.containers[0]?.image, one.spec.replicas]),
    services: cluster.all<Service>('Service').map((one) => [one.metadata.name, one.spec.selector]),
    routes: cluster.all<HTTPRoute>('HTTPRoute').map((one) => one.spec.rules),
    pods: cluster.all('Pod').length,
  }
}
