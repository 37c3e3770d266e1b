import { systemHttp } from '@alt-las/http'
import { systemProcess } from '@alt-las/process'
import { chooseCredentials, findCredentials, openRepository, type Reference } from '@alt-las/registry'
import { actionLog, chooseService, readEnvironment, runAction } from '@alt-las/runner'
import { systemClock } from '@alt-las/time'
import { systemFiles } from './files.ts'
import { parse, type ScanInputs } from './inputs.ts'
import { installTrivy } from './trivy/install.ts'
import { scanTrivy } from './scan-trivy.ts'
import { outputs, report } from './summary.ts'

const environment = readEnvironment()
const http = systemHttp({ variables: process.env })

async function openImage(at: Reference, inputs: ScanInputs, signal: AbortSignal) {
  const given = { ...inputs, actor: environment.actor }
  const { credentials } = await chooseCredentials(at.registry, given, (registry) =>
    findCredentials(registry, environment.dockerConfig, systemProcess),
  )
  const options = { at, access: 'pull', credentials, attempts: inputs.attempts, signal } as const
  return openRepository({ ...options, onRetry: actionLog.line }, { http, clock: systemClock })
}

await runAction({
  name: 'scan-trivy',
  secrets: ['password', 'github-token'],
  parse,
  serviceOf: ({ service, source }) =>
    chooseService({ service, image: source.kind === 'image' ? source.reference : null }),
  run: (inputs, { interrupted }) =>
    scanTrivy(inputs, {
      process: systemProcess,
      clock: systemClock,
      log: actionLog,
      files: systemFiles(environment.temp),
      install: installTrivy,
      openImage,
      environment,
      interrupted,
    }),
  outputsOf: outputs,
  summarize: report,
})
