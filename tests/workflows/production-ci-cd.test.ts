import { runInNewContext } from 'node:vm'
import { describe, expect, test } from '@jest/globals'
import { compositeAction, readWorkflow, stepsOf, targetsOf, type Job } from './read.ts'

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

  test('builds nothing where it takes the images of a beta run, and takes them from no other commit', () => {
    const take = job('preflight').steps.find(({ uses }) => uses === './.github/actions/take-from-beta')
    expect(take).toMatchObject({ if: "inputs.beta-run != ''" })
    expect(job('build').if).toBe("inputs.beta-run == ''")
    const [fetched] = compositeAction('take-from-beta').runs.steps
    const [offered] = compositeAction('offer-to-production').runs.steps
    expect(fetched?.with?.['name']).toBe('verified-${{ github.sha }}')
    expect(offered?.with?.['name']).toBe('verified-${{ github.sha }}')
    const beta = readWorkflow('.github/workflows/beta-ci-cd.yaml').jobs['verify']
    const names = (beta?.steps ?? []).map(({ uses = '' }) => uses.split('/').at(-1))
    expect(names.indexOf('offer-to-production')).toBeGreaterThan(names.indexOf('verify'))
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
    for (const name of ['build', 'deploy-production', 'verify', 'rollback'])
      expect(job(name).steps.at(-1)).toMatchObject({
        uses: './.github/actions/keep-outcomes',
        if: 'always()',
      })
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
