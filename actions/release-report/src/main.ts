import { actionLog, chooseService, readEnvironment, runAction, runFiles } from '@alt-las/runner'
import { systemClock } from '@alt-las/time'
import { parse } from './inputs.ts'
import { releaseReport } from './release-report.ts'
import { outputsOf, summarize } from './summary.ts'

await runAction({
  name: 'release-report',
  parse,
  serviceOf: ({ service }) => chooseService({ service }),
  run: (inputs) =>
    releaseReport(inputs, {
      files: runFiles('release-report', readEnvironment()),
      clock: systemClock,
      log: actionLog,
    }),
  outputsOf,
  summarize,
})
