import { helperProcess, systemProcess } from '@alt-las/process'
import { systemHttp } from '@alt-las/http'
import { openForPull } from '@alt-las/registry'
import { actionLog, chooseService, mask, readEnvironment, runAction, runFiles } from '@alt-las/runner'
import { systemClock } from '@alt-las/time'
import { buildImage } from './build-image.ts'
import { parse, type Inputs } from './inputs.ts'
import { secretsIn } from './entries.ts'
import { outputsOf, summarize } from './summary.ts'
import { peerInputs } from './peer-inputs.ts'

const environment = readEnvironment()
const http = systemHttp({ variables: process.env, hide: mask })

function openReleases({ image, login, githubToken, attempts }: Inputs, signal: AbortSignal) {
  const { actor, dockerConfig } = environment
  const options = { login, githubToken, actor, dockerConfig, attempts, signal, onRetry: actionLog.line }
  return openForPull(image, options, { http, clock: systemClock, helper: { ...helperProcess, hide: mask } })
}

await runAction({
  name: 'build-image',
  secrets: [
    { name: 'secrets', valuesIn: secretsIn },
    { name: 'secret-envs', valuesIn: (raw) => secretsIn(raw).map((name) => process.env[name] ?? '') },
    'password',
    'github-token',
  ],
  peerInputs,
  parse,
  serviceOf: ({ service, image }) => chooseService({ service, image: image.name }),
  run: (inputs, { interrupted, draft }) =>
    buildImage(inputs, {
      process: systemProcess,
      clock: systemClock,
      log: actionLog,
      files: runFiles('build-image', environment),
      variable: (name) => process.env[name],
      hide: mask,
      environment,
      openReleases,
      interrupted,
      draft,
    }),
  outputsOf,
  summarize,
})
