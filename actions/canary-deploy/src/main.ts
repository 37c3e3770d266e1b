import { connect, readManifests } from '@alt-las/kubernetes'
import { actionLog, readEnvironment, runAction } from '@alt-las/runner'
import { systemClock } from '@alt-las/time'
import { canaryDeploy } from './canary-deploy.ts'
import { parse } from './inputs.ts'
import { metricScrapes } from './metric-scrapes.ts'
import { outputsOf, summarize } from './summary.ts'

await runAction({
  name: 'canary-deploy',
  secrets: ['kubeconfig', 'metrics-token'],
  parse,
  run: async (inputs, interrupted) => {
    const runner = readEnvironment()
    const { kubeconfig, context } = inputs
    const connected = connect(
      { kubeconfig: kubeconfig || null, context: context || null, environment: process.env },
      systemClock,
    )
    try {
      return await canaryDeploy(inputs, {
        cluster: connected.cluster,
        scrapes: metricScrapes(inputs, connected, systemClock),
        clock: systemClock,
        log: actionLog,
        interrupted,
        holder: [
          runner.repository || 'local',
          runner.runId || String(process.pid),
          runner.runAttempt || '1',
        ].join('/'),
        refName: runner.refName || runner.sha.slice(0, 12) || 'unnamed',
        readManifests,
      })
    } finally {
      connected.close()
    }
  },
  outputs: outputsOf,
  report: summarize,
})
