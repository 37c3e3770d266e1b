import {
  actionLog,
  chooseService,
  githubRepository,
  readEnvironment,
  runAction,
  runFiles,
} from '@alt-las/runner'
import { systemClock } from '@alt-las/time'
import { parse } from './inputs.ts'
import { releaseReport } from './release-report.ts'
import { outputsOf, summarize } from './summary.ts'

const environment = readEnvironment()

await runAction({
  name: 'release-report',
  secrets: ['github-token'],
  parse,
  serviceOf: ({ service }) => chooseService({ service }),
  run: (inputs) =>
    releaseReport(inputs, {
      files: runFiles('release-report', environment),
      github: githubRepository(inputs.githubToken ?? 'none', environment.repository, systemClock),
      refName: environment.refName,
      clock: systemClock,
      log: actionLog,
    }),
  outputsOf,
  summarize,
})
