import { join } from 'node:path'
import { systemHttp } from '@alt-las/http'
import { find } from '@alt-las/outcome'
import { helperProcess, systemProcess, tryLock } from '@alt-las/process'
import { openForPull, type Reference } from '@alt-las/registry'
import { actionLog, chooseService, mask, readEnvironment, runAction, runFiles } from '@alt-las/runner'
import { systemClock } from '@alt-las/time'
import { parse, type RegistryAccess } from './inputs.ts'
import { readContents } from './target/image-contents.ts'
import { installTrivy } from './trivy/install.ts'
import { scanTrivy } from './scan-trivy.ts'
import { outputsOf, summarize } from './summary.ts'
import { peerInputs } from './peer-inputs.ts'

const environment = readEnvironment()
const http = systemHttp({ variables: process.env, hide: mask })

function openImage(at: Reference, { login, githubToken, attempts }: RegistryAccess, signal: AbortSignal) {
  const { actor, dockerConfig } = environment
  const options = { login, githubToken, actor, dockerConfig, attempts, signal, onRetry: actionLog.line }
  return openForPull(at, options, { http, clock: systemClock, helper: { ...helperProcess, hide: mask } })
}

await runAction({
  name: 'scan-trivy',
  secrets: ['password', 'github-token'],
  peerInputs,
  parse,
  serviceOf: ({ service, source }) =>
    chooseService({ service, image: source.kind === 'image' ? source.reference.repository : null }),
  run: (inputs, step) =>
    scanTrivy(inputs, {
      ...step,
      process: systemProcess,
      clock: systemClock,
      log: actionLog,
      files: runFiles('scan-trivy', environment),
      install: installTrivy,
      openImage,
      lock: tryLock,
      readContents,
      findOutcomes: () => find(join(environment.temp, 'alt-las', 'outcomes')),
      environment,
      trivyVariables: Object.keys(process.env).filter((name) => name.startsWith('TRIVY_')),
    }),
  outputsOf,
  summarize,
})
