import { describe } from '@jest/globals'
import { rollout, observation, workload } from '../testing/facts.ts'
import { decisions } from '../testing/decided.ts'

const { router } = observation
const job = (kind: 'running' | 'stuck' | 'succeeded' | 'failed') => ({ job: { kind, because: '', uid: 'u' } })

/** Nothing of a canary is left. */
const gone = {
  canary: null,
  canaryPods: 0,
  canaryService: null,
  service: { pin: null, endpoints: 3 },
  router: { ...router, hasCanary: false, settledMs: 10_000 },
  stable: { ...workload, version: 'new' },
}
const autoscaler = (min: number, max: number) => ({ name: 'web', min, max })
const held = { baseline: { ...rollout.baseline, autoscaler: autoscaler(2, 9) } }

describe('the end of a promotion', () => {
  decisions({ kind: 'promote-clean' }, [
    ['nothing is left to do', gone, 'enter done'],
    [
      'the autoscaler gets its bounds back',
      { ...gone, autoscaler: autoscaler(3, 3) },
      'do restore-autoscaler',
      held,
    ],
    ['it has them', { ...gone, autoscaler: autoscaler(2, 9) }, 'enter done', held],
    [
      'bounds that were set from outside stay',
      { ...gone, autoscaler: autoscaler(4, 20) },
      'enter done',
      held,
    ],
    [
      'another autoscaler came in its place',
      { ...gone, autoscaler: { name: 'other', min: 3, max: 3 } },
      'enter done',
      held,
    ],
    ['the autoscaler was removed', { ...gone, autoscaler: null }, 'enter done', held],
    ['the plain names get the content', { ...gone, configs: 'pending' }, 'do release-configs'],
    ['they have it', { ...gone, configs: 'released' }, 'enter done'],
    ['unused versions are removed', { ...gone, staleConfigs: true }, 'do remove-configs'],
    ['the Job goes', { ...gone, ...job('succeeded') }, 'do remove-job u'],
  ])
})

describe('the end of a rollout that went back', () => {
  decisions({ kind: 'revert' }, [
    ['the plain names were never touched', { ...gone, stable: workload, configs: 'pending' }, 'enter done'],
    ['a Job that still runs must not go on alone', { ...gone, ...job('running') }, 'do remove-job u'],
    ['nor one that waits for its image', { ...gone, ...job('stuck') }, 'do remove-job u'],
    ['one that failed stays for a look', { ...gone, ...job('failed') }, 'enter done'],
  ])
})

describe('before anything is applied', () => {
  const kept = { configs: [{ kind: 'ConfigMap', name: 'c', versioned: 'c-1' }], kept: true } as const
  decisions({ kind: 'apply' }, [
    ['the configuration in use is copied', { former: { ...kept, kept: false } }, 'do keep-configs'],
    ['it is there', { former: kept, objects: { kind: 'unapplied' } }, 'do apply-objects'],
  ])
})

describe('before', () => {
  const before = {
    plan: {
      ...rollout.plan,
      preDeployJob: {
        apiVersion: 'batch/v1',
        kind: 'Job',
        metadata: { name: 'migrate' },
        spec: { template: { spec: { containers: [] } } },
      },
    },
  }
  decisions({ kind: 'pre-deploy' }, [
    ['the Job is started', { job: { kind: 'absent', because: '' } }, 'do pre-deploy-job', before],
    [
      'one of an earlier rollout comes to its end first',
      { job: { kind: 'blocked', because: '' } },
      'wait',
      before,
    ],
    ['it runs', job('running'), 'wait', before],
    ['it cannot run', job('stuck'), 'enter revert', before],
    ['it failed', job('failed'), 'enter revert', before],
    ['it is done', job('succeeded'), 'enter prepare', before],
    [
      'a migration is not broken off half-way',
      { ...job('running'), interrupted: 'cancelled' },
      'stop interrupted',
      before,
    ],
  ])
})

describe('an autoscaler in preparation', () => {
  decisions({ kind: 'prepare' }, [
    ['is held', { autoscaler: autoscaler(2, 9) }, 'do hold-autoscaler 3', held],
    ['stays held', { autoscaler: autoscaler(3, 3), canary: null }, 'do canary-deployment 1', held],
    ['with other bounds meanwhile gets those back', { autoscaler: autoscaler(4, 20) }, 'enter prepare', held],
  ])
})
