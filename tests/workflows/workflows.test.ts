import { runInNewContext } from 'node:vm'
import { describe, expect, test } from '@jest/globals'
import { readActionYml } from '../../scripts/actions.ts'
import {
  compositeAction,
  compositeActions,
  readWorkflow,
  stepsOf,
  targetsOf,
  workflows,
  type Job,
  type Step,
  type Workflow,
} from './read.ts'

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

describe('production-ci-cd', () => {
  const workflow = readWorkflow('.github/workflows/production-ci-cd.yaml')
  const job = (name: string): Job => workflow.jobs[name] ?? { steps: [] }

  test('starts on release tags, and by hand for a tag that a workflow has pushed', () => {
    expect(workflow.on).toMatchObject({ push: { tags: ['v[0-9]+.[0-9]+.[0-9]+'] } })
    expect(Object.keys(workflow.on)).toEqual(['push', 'workflow_dispatch'])
  })

  test('keeps every waiting release', () => {
    expect(workflow.concurrency).toEqual({ group: 'production', queue: 'max', 'cancel-in-progress': false })
  })

  test('has the six jobs in order, and reports always', () => {
    expect(Object.keys(workflow.jobs)).toEqual([
      'preflight',
      'build',
      'deploy-production',
      'verify',
      'rollback',
      'report',
    ])
    expect(job('report').if).toBe('always()')
    expect([job('report').needs].flat()).toEqual(Object.keys(workflow.jobs).slice(0, -1))
  })

  test('is at most 150 lines', () => {
    expect(workflow.text.trimEnd().split('\n').length).toBeLessThanOrEqual(150)
  })

  test('asks for one approval and makes one deployment record', () => {
    const environments = Object.entries(workflow.jobs).flatMap(([name, { environment }]) =>
      environment === undefined ? [] : [[name, environment] as const],
    )
    const unattended = { name: 'production-automation', deployment: false }
    expect(Object.fromEntries(environments)).toEqual({
      preflight: unattended,
      'deploy-production': { name: 'production', url: '${{ vars.PRODUCTION_URL }}' },
      verify: unattended,
      rollback: unattended,
    })
  })

  test('no job that has credentials of the cluster outlives a token of an hour', () => {
    for (const one of Object.values(workflow.jobs))
      if (one.environment !== undefined) expect(one['timeout-minutes']).toBeLessThan(60)
    const deploy = stepsOf(job('deploy-production')).find(({ id }) => id === 'deploy')
    const minutes = Number.parseInt(String(deploy?.with?.['timeout']))
    expect(minutes).toBeLessThan(job('deploy-production')['timeout-minutes'] ?? 0)
  })

  test('deploys all services as one release, the gateway after the others', () => {
    const deploys = stepsOf(job('deploy-production')).filter(({ uses }) => uses === './actions/canary-deploy')
    expect(deploys).toHaveLength(1)
    expect(deploys[0]?.with?.['targets']).toBe('.github/targets/${{ inputs.environment }}.yaml')
    const targets = targetsOf('production')
    const names = targets.map(({ deployment }) => deployment)
    expect(names).toEqual(['segmentation-service', 'ai-orchestrator', 'archive-service', 'api-gateway'])
    expect(targets.at(-1)?.needs).toEqual(names.slice(0, -1))
  })

  test('deploys and verifies the images that the documents of this run name', () => {
    for (const { deployment, image } of targetsOf('production'))
      expect(image).toBe(`outcomes/${deployment}/push-image.json`)
    for (const name of ['deploy-production', 'verify']) {
      const fetched = stepsOf(job(name)).filter(({ uses }) => uses?.startsWith('actions/download-artifact@'))
      expect(fetched).toHaveLength(1)
    }
    const verify = stepsOf(job('verify')).find(({ id }) => id === 'verify')
    expect(verify?.with?.['images']).toBe('outcomes/*/push-image.json')
  })

  test('each job keeps its outcomes as one artifact, which a re-run overwrites, as its last step', () => {
    for (const name of ['build', 'deploy-production', 'verify', 'rollback']) {
      const own = stepsOf(job(name))
      const uploads = own.filter(({ uses }) => uses?.startsWith('actions/upload-artifact@'))
      expect(uploads).toHaveLength(1)
      expect(own.at(-1)).toBe(uploads[0])
      expect(uploads[0]).toMatchObject({
        'continue-on-error': true, // a lost document brings no release back
        with: { path: '${{ runner.temp }}/alt-las/outcomes', overwrite: true },
      })
    }
  })

  test('a job that was refused or cancelled keeps its outcomes too', () => {
    const own = ['release-image', 'deploy', 'verify'].map((name) => compositeAction(name).runs)
    for (const { steps: all } of [...own, job('rollback')])
      expect(all.at(-1)).toMatchObject({ uses: './.github/actions/keep-outcomes', if: 'always()' })
  })

  test.each([
    ['a service does not build', { result: 'skipped', deployed: '', outcome: '', cause: '' }, false],
    ['all is well', { result: 'success', deployed: 'passed', outcome: 'passed', cause: '' }, false],
    ['a service is refused', { result: 'failure', deployed: 'refused', outcome: '', cause: '' }, true],
    ['the runner is lost', { result: 'failure', deployed: '', outcome: '', cause: '' }, true],
    ['it is cancelled', { result: 'cancelled', deployed: 'failed', outcome: '', cause: '' }, true],
    [
      'verification is lost or cancelled',
      { result: 'success', deployed: 'passed', outcome: '', cause: '' },
      true,
    ],
    [
      'verification refuses',
      { result: 'success', deployed: 'passed', outcome: 'refused', cause: 'service' },
      true,
    ],
    [
      'the service ends verification',
      { result: 'success', deployed: 'passed', outcome: 'failed', cause: 'service' },
      true,
    ],
    [
      'the cluster ends verification',
      { result: 'success', deployed: 'passed', outcome: 'failed', cause: 'outside' },
      false,
    ],
  ])(
    'on a runner of its own, if %s: %j goes back: %s',
    (_, { result, deployed, outcome, cause }, goesBack) => {
      const known: Readonly<Record<string, string>> = {
        'needs.deploy-production.result': result,
        'needs.deploy-production.outputs.outcome': deployed,
        'needs.verify.outputs.outcome': outcome,
        'needs.verify.outputs.cause': cause,
      }
      const asked = (job('rollback').if ?? '').replaceAll('always()', 'true')
      const filled = asked.replace(/needs\.[\w.-]+/g, (name) => JSON.stringify(known[name]))
      expect(runInNewContext(filled)).toBe(goesBack)
    },
  )

  test('the findings of each image are shown under Security, those of a refused one too', () => {
    const all = stepsOf(job('build'))
    const upload = all.find(({ uses }) => uses?.startsWith('github/codeql-action/upload-sarif@'))
    expect(upload).toMatchObject({
      if: "always() && steps.scan.outputs.sarif != ''",
      with: { category: 'image-${{ inputs.service }}' },
    })
    expect(job('build').permissions).toMatchObject({ 'security-events': 'write' })
    expect(all.find(({ id }) => id === 'scan')?.with?.['service']).toBe('${{ inputs.service }}')
  })

  test('does not ask where it runs', () => {
    expect(workflow.text).not.toMatch(/\blab\b|env\.ACT|GITHUB_ACTIONS|runner\.environment/)
  })
})
