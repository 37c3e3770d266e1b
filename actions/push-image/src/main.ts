import { helperProcess } from '@alt-las/process'
import { systemHttp } from '@alt-las/http'
import { identityToken } from '@alt-las/evidence'
import { findCredentials, openRepository } from '@alt-las/registry'
import {
  actionLog,
  chooseService,
  mask,
  readEnvironment,
  runAction,
  runFiles,
  wholeRelease,
} from '@alt-las/runner'
import { systemClock } from '@alt-las/time'
import { parse } from './inputs.ts'
import { pushImage } from './push-image.ts'
import { outputsOf, summarize } from './summary.ts'
import { peerInputs } from './peer-inputs.ts'

const environment = readEnvironment()
const http = systemHttp({ variables: process.env, hide: mask })

await runAction({
  name: 'push-image',
  secrets: ['password', 'github-token', 'signing-key', 'signing-key-password'],
  documentName: (read) => (read('operation').trim() === 'tag' ? 'push-image-tag' : 'push-image'),
  peerInputs,
  parse,
  serviceOf: (inputs) =>
    inputs.operation === 'preflight' && inputs.images.length > 1
      ? (inputs.service ?? wholeRelease)
      : chooseService({ service: inputs.service, image: inputs.image.name }),
  run: (inputs, step) =>
    pushImage(inputs, {
      ...step,
      open: (options) => openRepository(options, { http, clock: systemClock }),
      fromDocker: (registry) =>
        findCredentials(registry, environment.dockerConfig, { ...helperProcess, hide: mask }),
      identityToken: () =>
        identityToken(
          {
            url: process.env['ACTIONS_ID_TOKEN_REQUEST_URL'],
            token: process.env['ACTIONS_ID_TOKEN_REQUEST_TOKEN'],
          },
          { http, hide: mask },
        ),
      environment,
      files: runFiles('push-image', environment),
      clock: systemClock,
      log: actionLog,
      expire: (ms) => AbortSignal.timeout(ms),
    }),
  outputsOf,
  summarize,
})
