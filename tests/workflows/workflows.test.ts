import { describe, expect, test } from '@jest/globals'
import { readActionYml } from '../../scripts/actions.ts'
import { compositeAction, compositeActions, workflows, type Job, type Step, type Workflow } from './read.ts'

const steps = (workflow: Workflow): readonly Step[] =>
  Object.values(workflow.jobs).flatMap((job) => job.steps)

/** Every foreign action of the text is pinned by commit, with the version beside it. */
function expectPinned(text: string): void {
  const uses = [...text.matchAll(/uses: (\S+)(.*)$/gm)].map(([, name = '', rest = '']) => ({ name, rest }))
  for (const { name, rest } of uses.filter((one) => !isOwn(one.name))) {
    expect(name).toMatch(/^[\w.-]+\/[\w./-]+@[0-9a-f]{40}$/)
    expect(rest).toMatch(/^ # v\d+\.\d+\.\d+$/)
  }
}

const isOwn = (uses: string): boolean => ours(uses) !== undefined || uses.startsWith('./.github/actions/')

/** `./actions/x` and `ALT-LAS/delivery/actions/x@v1` name an action of this repository. */
const ours = (uses: string): string | undefined =>
  /^(?:\.|ALT-LAS\/delivery)\/actions\/([a-z-]+)(?:@v1)?$/.exec(uses)?.[1]

describe.each(workflows().map((workflow) => [workflow.file, workflow] as const))('%s', (_, workflow) => {
  test('grants nothing by default, and each job lists what it needs', () => {
    expect(workflow.permissions).toEqual({})
    for (const job of Object.values(workflow.jobs)) expect(job.permissions).toBeDefined()
  })

  test('every job has a timeout', () => {
    for (const job of Object.values(workflow.jobs)) expect(job['timeout-minutes']).toBeGreaterThan(0)
  })

  test('every foreign action is pinned by commit with the version beside it', () => {
    expectPinned(workflow.text)
  })

  test('no expression is pasted into a script', () => {
    for (const step of steps(workflow)) expect(step.run ?? '').not.toContain('${{')
  })

  test('leaves reading of outcome documents to the actions', () => {
    expect(workflow.text).not.toMatch(/\bjq\b|alt-las-delivery\/outcome/)
    for (const step of steps(workflow)) expect(step.run ?? '').not.toMatch(/outcome|GITHUB_OUTPUT/)
  })

  test('never cuts a deployment off', () => {
    if (workflow.file.endsWith('checks.yaml')) return
    expect(workflow.concurrency).toMatchObject({ 'cancel-in-progress': false })
  })

  test('brings a release back if the verified service is the cause, whether verify refused it or could not end', () => {
    for (const job of Object.values(workflow.jobs)) {
      const at = job.steps.findIndex((step) => ours(step.uses ?? '') === 'verify')
      const isRollback = job.steps.some((step) => step.id === 'rollback' && step.if === undefined)
      // `production-ci-cd` goes back on another runner: see below.
      if (at < 0 || isRollback || workflow.jobs['rollback'] !== undefined) continue
      const back = job.steps.slice(at).find((step) => step.with?.['operation'] === 'rollback')
      expect(back?.if).toBe("failure() && steps.verify.outputs.cause == 'service'")
    }
  })

  test('gives our actions only inputs that they have, and all that they require', () => {
    for (const step of steps(workflow)) expectInputs(step)
  })

  test('reads only outputs that the named step has', () => {
    for (const job of Object.values(workflow.jobs)) {
      for (const [, id = '', output = ''] of JSON.stringify(job).matchAll(
        /steps\.([\w-]+)\.outputs\.([\w-]+)/g,
      )) {
        expect(outputsOf(job, id)).toContain(output)
      }
    }
  })
})

test.each(workflows().map((workflow) => [workflow.file, workflow] as const))(
  '%s reads only outputs of jobs that it needs, and that have them',
  (_, { jobs }) => {
    for (const job of Object.values(jobs)) {
      for (const [, name = '', output = ''] of JSON.stringify(job).matchAll(
        /needs\.([\w-]+)\.outputs\.([\w-]+)/g,
      )) {
        expect([job.needs].flat()).toContain(name)
        expect(Object.keys(jobs[name]?.outputs ?? {})).toContain(output)
      }
    }
  },
)

function outputsOf(job: Pick<Job, 'steps'>, id: string): readonly string[] {
  return Object.keys(actionOf(job.steps.find((one) => one.id === id))?.outputs ?? {})
}

/** The action of this repository that a step uses. */
function actionOf(
  step: Step | undefined,
): Pick<ReturnType<typeof readActionYml>, 'inputs' | 'outputs'> | null {
  const uses = step?.uses ?? ''
  const name = ours(uses)
  if (name !== undefined) return readActionYml(name)
  const composite = /^\.\/\.github\/actions\/([a-z-]+)$/.exec(uses)?.[1]
  return composite === undefined ? null : (compositeAction(composite) as never)
}

function expectInputs(step: Step): void {
  const action = actionOf(step)
  if (action === null) return
  const { inputs } = action
  expect(Object.keys(inputs)).toEqual(expect.arrayContaining(Object.keys(step.with ?? {})))
  const required = Object.keys(inputs).filter((input) => inputs[input]?.required === true)
  expect(Object.keys(step.with ?? {})).toEqual(expect.arrayContaining(required))
}

describe.each(compositeActions().map((name) => [name, compositeAction(name)] as const))(
  '.github/actions/%s',
  (_, action) => {
    test('is composite, pinned, and pastes no expression into a script', () => {
      expect(action.runs.using).toBe('composite')
      expectPinned(action.text)
      for (const step of action.runs.steps) expect(step.run ?? '').not.toContain('${{')
    })

    test('gives our actions only inputs that they have, and all that they require', () => {
      for (const step of action.runs.steps) expectInputs(step)
    })

    test('reads only inputs that it has, and outputs that the named step has', () => {
      for (const [, name = ''] of action.text.matchAll(/\binputs\.([\w-]+)/g))
        expect(Object.keys(action.inputs)).toContain(name)
      for (const [, id = '', output = ''] of action.text.matchAll(/steps\.([\w-]+)\.outputs\.([\w-]+)/g))
        expect(outputsOf(action.runs, id)).toContain(output)
    })
  },
)
