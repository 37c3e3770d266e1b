import { runInNewContext } from 'node:vm'
import { describe, expect, test } from '@jest/globals'
import { readActionYml } from '../../scripts/actions.ts'
import { readWorkflow, workflows, type Job, type Step, type Workflow } from './read.ts'

const steps = (workflow: Workflow): readonly Step[] =>
  Object.values(workflow.jobs).flatMap((job) => job.steps)

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
    const uses = [...workflow.text.matchAll(/uses: (\S+)(.*)$/gm)].map(([, name = '', rest = '']) => ({
      name,
      rest,
    }))
    for (const { name, rest } of uses.filter((one) => ours(one.name) === undefined)) {
      expect(name).toMatch(/^[\w.-]+\/[\w./-]+@[0-9a-f]{40}$/)
      expect(rest).toMatch(/^ # v\d+\.\d+\.\d+$/)
    }
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
    for (const step of steps(workflow)) {
      const name = ours(step.uses ?? '')
      if (name === undefined) continue
      const { inputs } = readActionYml(name)
      expect(Object.keys(inputs)).toEqual(expect.arrayContaining(Object.keys(step.with ?? {})))
      const required = Object.keys(inputs).filter((input) => inputs[input]?.required === true)
      expect(Object.keys(step.with ?? {})).toEqual(expect.arrayContaining(required))
    }
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

function outputsOf(job: Job, id: string): readonly string[] {
  const name = ours(job.steps.find((one) => one.id === id)?.uses ?? '')
  return name === undefined ? [] : Object.keys(readActionYml(name).outputs)
}

describe('production-ci-cd', () => {
  const workflow = readWorkflow('.github/workflows/production-ci-cd.yaml')

  test('starts on release tags only', () => {
    expect(workflow.on).toEqual({ push: { tags: ['v[0-9]+.[0-9]+.[0-9]+'] } })
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
    expect(workflow.jobs['report']?.if).toBe('always()')
    expect(workflow.jobs['deploy-production']?.strategy).toBeUndefined()
  })

  test('deploys in dependency order, the gateway last', () => {
    const deployed = workflow.jobs['deploy-production']?.steps.flatMap(
      (step) => step.with?.['deployment'] ?? [],
    )
    expect(deployed).toEqual(['segmentation-service', 'ai-orchestrator', 'archive-service', 'api-gateway'])
  })

  test('deploys and verifies the images that the documents of this run name', () => {
    for (const name of ['deploy-production', 'verify']) {
      const fetch = workflow.jobs[name]?.steps.findIndex((step) =>
        step.uses?.startsWith('actions/download-artifact@'),
      )
      const first = workflow.jobs[name]?.steps.findIndex((step) =>
        /image/.test(Object.keys(step.with ?? {}).join()),
      )
      expect(fetch).toBeGreaterThan(0)
      expect(fetch).toBeLessThan(first ?? 0)
      expect(workflow.jobs[name]?.steps[fetch ?? 0]?.with).toEqual({
        pattern: 'outcomes-build-*',
        path: 'outcomes',
        'merge-multiple': true,
      })
    }
    for (const { with: given } of workflow.jobs['deploy-production']?.steps ?? []) {
      const service = given?.['deployment']
      if (typeof service === 'string') expect(given?.['image']).toBe(`outcomes/${service}/push-image.json`)
    }
    const verify = workflow.jobs['verify']?.steps.find((step) => step.id === 'verify')
    expect(verify?.with?.['images']).toBe('outcomes/*/push-image.json')
  })

  test('each job keeps its outcomes as one artifact, which a re-run overwrites', () => {
    for (const name of ['build', 'deploy-production', 'verify', 'rollback']) {
      const uploads = workflow.jobs[name]?.steps.filter((step) =>
        step.uses?.startsWith('actions/upload-artifact@'),
      )
      expect(uploads).toHaveLength(1)
      expect(uploads?.[0]).toMatchObject({
        if: 'always()',
        with: { path: '${{ runner.temp }}/alt-las/outcomes', overwrite: true },
      })
      expect(workflow.jobs[name]?.steps.at(-1)).toBe(uploads?.[0])
    }
  })

  test.each([
    ['a service does not build', { build: 'failure', gateway: '', outcome: '', cause: '' }, false],
    ['all is well', { build: 'success', gateway: 'passed', outcome: 'passed', cause: '' }, false],
    ['a service is refused', { build: 'success', gateway: '', outcome: '', cause: '' }, true],
    ['the gateway is refused', { build: 'success', gateway: 'refused', outcome: '', cause: '' }, true],
    ['the runner is lost or cancelled', { build: 'success', gateway: '', outcome: '', cause: '' }, true],
    [
      'verification is lost or cancelled',
      { build: 'success', gateway: 'passed', outcome: '', cause: '' },
      true,
    ],
    [
      'verification refuses',
      { build: 'success', gateway: 'passed', outcome: 'refused', cause: 'service' },
      true,
    ],
    [
      'the service ends verification',
      { build: 'success', gateway: 'passed', outcome: 'failed', cause: 'service' },
      true,
    ],
    [
      'the cluster ends verification',
      { build: 'success', gateway: 'passed', outcome: 'failed', cause: 'outside' },
      false,
    ],
  ])('on a runner of its own, if %s: %j goes back: %s', (_, { build, gateway, outcome, cause }, goesBack) => {
    const known: Readonly<Record<string, string>> = {
      'needs.build.result': build,
      'needs.deploy-production.outputs.gateway': gateway,
      'needs.verify.outputs.outcome': outcome,
      'needs.verify.outputs.cause': cause,
    }
    const asked = (workflow.jobs['rollback']?.if ?? '').replaceAll('always()', 'true')
    const filled = asked.replace(/needs\.[\w.-]+/g, (name) => JSON.stringify(known[name]))
    expect(runInNewContext(filled)).toBe(goesBack)
  })

  test('a document that is lost brings no release back', () => {
    for (const name of ['deploy-production', 'verify', 'rollback'])
      for (const step of workflow.jobs[name]?.steps ?? [])
        if (step.uses?.startsWith('actions/upload-artifact@') === true)
          expect(step['continue-on-error']).toBe(true)
  })

  test('the scan of a layout says whose it is', () => {
    const scan = steps(workflow).find((step) => step.uses === './actions/scan-trivy')
    expect(scan?.with?.['service']).toBe('${{ matrix.service }}')
  })

  test('does not ask where it runs', () => {
    expect(workflow.text).not.toMatch(/\blab\b|env\.ACT|GITHUB_ACTIONS|runner\.environment/)
  })
})
