import { systemProcess } from '@alt-las/process'
import { actionLog, readEnvironment, runAction } from '@alt-las/runner'
import { systemClock } from '@alt-las/time'
import { buildImage } from './build-image.ts'
import { systemFiles } from './files.ts'
import { parse } from './inputs.ts'
import { maskCommands } from './mask.ts'
import { outputs, report } from './summary.ts'

const environment = readEnvironment()

await runAction({
  name: 'build-image',
  secrets: ['secrets', 'password'],
  parse: (read) => {
    const inputs = parse(read)
    for (const { value } of inputs.secrets) process.stdout.write(maskCommands(value))
    return inputs
  },
  run: (inputs, interrupted) =>
    buildImage(inputs, {
      process: systemProcess,
      clock: systemClock,
      log: actionLog,
      files: systemFiles(environment.temp),
      hasVariable: (name) => process.env[name] !== undefined,
      environment,
      releases: { restore: () => Promise.resolve(null) },
      interrupted,
    }),
  outputs,
  report,
})
