import type { Job } from '@alt-las/kubernetes'
import { describe, expect, test } from '@jest/globals'
import { plan } from '../../../packages/rollout/testing/facts.ts'
import { v2 } from '../../../packages/rollout/testing/manifests.ts'
import { jobFor } from './plan/plan-job.ts'
import { referring, settings } from './testing/repository.ts'
import { type Scenario, scenario } from './testing/scenario.ts'

const migrate = (image = 'ghcr.io/alt-las/web:any', more: Partial<Job['spec']> = {}): Job => ({
  apiVersion: 'batch/v1',
  kind: 'Job',
  metadata: { name: 'migrate' },
  spec: {
    backoffLimit: 0,
    activeDeadlineSeconds: 60,
    ...more,
    template: {
      spec: {
        restartPolicy: 'Never',
        containers: [{ name: 'm', image, envFrom: [{ configMapRef: { name: 'settings' } }] }],
      },
    },
  },
})
const repository = (mode: string) => ({
  spec: referring,
  objects: [settings({ MODE: mode })],
  before: [migrate()],
})
const second = { image: v2, release: 'r2', before: ['before'] }

/** All that serves, and the configuration under its plain name. */
const serving = (here: Scenario) =>
  here.cluster
    .all()
    .filter(({ kind }) => ['Deployment', 'Service', 'HTTPRoute', 'Pod', 'ConfigMap'].includes(kind))
    .filter(({ metadata }) => /^(web|settings$)/.test(metadata.name))
    .map((one) => [one.kind, one.metadata.name, (one as Job).spec, (one as { data?: unknown }).data])
const created = (here: Scenario) =>
  here.cluster.writes().filter(({ verb, at }) => verb === 'apply' && at.kind === 'Job')

describe('the Job of before', () => {
  test('runs once with the new image and the new configuration before any traffic, and goes when all is over', async () => {
    const here = scenario()
    await here.run({}, repository('a'))
    const outcome = await here.run(second, repository('b'))
    expect(outcome).toMatchObject({ kind: 'passed', targets: [{ verdict: 'promoted' }] })
    expect(outcome.targets[0]?.rollout?.timeline.map(({ phase }) => phase).slice(0, 3)).toEqual([
      'apply',
      'pre-deploy',
      'prepare',
    ])
    expect(created(here)).toHaveLength(1)
    const { metadata, spec } = created(here)[0]?.body as Job
    expect(metadata.name).toMatch(/^migrate-[0-9a-f]{12}$/)
    expect(spec.activeDeadlineSeconds).toBe(60)
    const [container] = spec.template.spec.containers
    expect(container?.image).toBe(v2)
    expect(container?.envFrom?.[0]?.configMapRef?.name).toMatch(/^settings-[0-9a-f]{12}$/)
    expect(here.names('Job')).toEqual([])
  })

  test('that fails ends the rollout with nothing else touched, says why, and stays for a look until the next one', async () => {
    const here = scenario({ behaviours: { [v2]: 'crash' } })
    await here.run({}, repository('a'))
    const before = serving(here)
    const outcome = await here.run(second, repository('b'))
    expect(outcome).toMatchObject({ kind: 'refused', targets: [{ verdict: 'rolled-back' }] })
    expect(outcome.because).toMatch(
      /the Job migrate-\w+ failed \(\w+\): .*exit code 3.*DATABASE_URL is not set/,
    )
    expect(outcome.targets[0]?.rollout?.cause).toMatchObject({
      kind: 'crash-loop',
      evidence: { exitCode: 3 },
    })
    expect(serving(here)).toEqual(before)
    const [failed] = here.names('Job')
    await here.run(second, repository('b'))
    expect(here.names('Job')).toHaveLength(1)
    expect(here.names('Job')).not.toContain(failed)
  })

  test('whose image cannot be pulled does not wait for its deadline, and does not go on alone', async () => {
    const here = scenario({ behaviours: { [v2]: 'image-pull' } })
    await here.run({}, repository('a'))
    const outcome = await here.run(second, repository('b'))
    expect(outcome.because).toMatch(/the Job migrate-\w+ cannot run: .*cannot pull its image/)
    expect(outcome.targets[0]?.rollout?.cause).toMatchObject({ kind: 'image-pull' })
    expect(here.names('Job')).toEqual([])
  })

  test('is not started twice when its runner is killed and another goes on', async () => {
    const here = scenario()
    await here.run({}, repository('a'))
    const { cluster } = here
    cluster.failNext({ verb: 'apply', kind: 'Job' }, new Error('killed'), 'after')
    await expect(here.run(second, repository('b'))).rejects.toThrow('killed')
    const outcome = await here.run(second, repository('b'))
    expect(outcome).toMatchObject({ targets: [{ verdict: 'promoted' }] })
    expect(new Set(created(here).map(({ at }) => at.name)).size).toBe(1)
  })
})

const other = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 's', namespace: 'shop' } }
const labelled: Job = {
  ...migrate(),
  spec: { ...migrate().spec, template: { ...migrate().spec.template, metadata: { labels: { app: 'web' } } } },
}
const desired = { ...plan.desired, spec: { ...plan.desired.spec, selector: { matchLabels: { app: 'web' } } } }

describe('the file of before', () => {
  test.each([
    ['two objects', [migrate(), other], 'before contains Job, Secret'],
    ['something else', [other], 'before contains Secret'],
    [
      'another namespace',
      [{ ...migrate(), metadata: { name: 'migrate', namespace: 'else' } }],
      'the Job migrate is of namespace else',
    ],
    ['pods that would get requests', [labelled], 'carry the labels of the workload (app=web)'],
  ])('with %s is a clear input error', (_name, objects, why) => {
    expect(() => jobFor(objects, { ...plan, desired })).toThrow(why)
  })

  test('may name a container of another repository where it is the only one', () => {
    expect(jobFor([migrate('busybox')], { ...plan, desired })?.spec.template.spec.containers[0]?.image).toBe(
      v2,
    )
  })
})
