import { systemProcess } from '@alt-las/process'
import { actionLog, readEnvironment, runAction } from '@alt-las/runner'
import { systemClock } from '@alt-las/time'
import { systemFiles } from './files.ts'
import { parse } from './inputs.ts'
import { installTrivy } from './install.ts'
import { scanTrivy } from './scan-trivy.ts'
import { outputs, report } from './summary.ts'

const environment = readEnvironment()

await runAction({
  name: 'scan-trivy',
  parse,
  run: (inputs, interrupted) =>
    scanTrivy(inputs, {
      process: systemProcess,
      clock: systemClock,
      log: actionLog,
      files: systemFiles(environment.temp),
      install: installTrivy,
      environment,
      interrupted,
    }),
  outputs,
  report,
})
