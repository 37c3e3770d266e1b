import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { connect } from '@alt-las/kubernetes'
import { systemProcess } from '@alt-las/process'
import { findCredentials, openRepository, systemHttp } from '@alt-las/registry'
import { actionLog, chooseService, readEnvironment, runAction } from '@alt-las/runner'
import { systemClock } from '@alt-las/time'
import { parse } from './inputs.ts'
import { nodeHttp } from './node-http.ts'
import { registryNames } from './health/registry-names.ts'
import { outputsOf, summarize } from './summary.ts'
import { systemTls } from './security/tls.ts'
import { verify } from './verify.ts'
import { workspaceFiles } from './workspace-files.ts'

await runAction({
  name: 'verify',
  secrets: ['registry-password'],
  parse,
  serviceOf: ({ service, workloads }) =>
    chooseService({ service, deployment: workloads.length === 1 ? workloads[0] : null }),
  run: async (inputs, { interrupted }) => {
    const { temp, workspace, dockerConfig } = readEnvironment()
    const unique = randomBytes(4).toString('hex')
    const { kubeconfig, context, registryUsername: username, registryPassword: password } = inputs
    const http = nodeHttp({ connections: inputs.connections, proxyEnv: process.env })
    const needsCluster = inputs.checks.includes('health') || inputs.checks.includes('security')
    const target = { kubeconfig, context, environment: process.env }
    const connected = needsCluster ? connect(target, systemClock) : null
    const registry = registryNames(async ({ reference }) => {
      const own =
        username === null || password === null ? null : ({ kind: 'basic', username, password } as const)
      const credentials = own ?? (await findCredentials(reference.registry, dockerConfig, systemProcess))
      const options = {
        at: reference,
        access: 'pull',
        credentials,
        attempts: 3,
        signal: interrupted,
      } as const
      return openRepository(options, { http: systemHttp(process.env), clock: systemClock })
    })
    const files = workspaceFiles({ workspace, results: join(temp, 'alt-las', `verify-${unique}`) })
    const ports = {
      registry,
      http,
      tls: systemTls,
      files,
      clock: systemClock,
      log: actionLog,
      interrupted,
      unique,
    }
    try {
      return await verify(inputs, { ...ports, cluster: connected?.cluster ?? null })
    } finally {
      http.close()
      connected?.close()
    }
  },
  outputsOf,
  summarize,
})
