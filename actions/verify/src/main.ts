import { randomBytes } from 'node:crypto'
import { nodeHttp } from '@alt-las/api-tests'
import { Failure } from '@alt-las/failure'
import { connect } from '@alt-las/kubernetes'
import { helperProcess } from '@alt-las/process'
import { systemHttp } from '@alt-las/http'
import { documentAt, releasedImagesAt } from '@alt-las/outcome'
import { openForPull, type Reference } from '@alt-las/registry'
import { actionLog, mask, readEnvironment, runAction, runFiles } from '@alt-las/runner'
import { kubeconfigSecrets } from '@alt-las/secrets'
import { systemClock } from '@alt-las/time'
import { registryNames } from './health/registry-names.ts'
import { parse, type Inputs } from './inputs.ts'
import { baselineIn } from './load/baseline.ts'
import { below, metricsSource } from './load/metrics-source.ts'
import type { VerifyOutcome } from './outcome.ts'
import { registrySettings } from './security/secrets/registry-settings.ts'
import { systemTls } from './security/transport/tls.ts'
import { outputsOf, summarize } from './summary.ts'
import { verify } from './verify.ts'

const environment = readEnvironment()

await runAction<Inputs, VerifyOutcome>({
  name: 'verify',
  secrets: [
    { name: 'kubeconfig', valuesIn: kubeconfigSecrets },
    'registry-password',
    'metrics-token',
    'logs-token',
  ],
  parse: (read) =>
    parse(read, {
      imagesAt: (pattern) => releasedImagesAt(pattern, environment.workspace),
      baselineAt: (path) => baselineIn(documentAt('verify', path, environment.workspace), path),
    }),
  outputsAtStart: { cause: 'outside' },
  serviceOf: ({ service }) => service,
  run: async (inputs, { interrupted, draft }) => {
    const { dockerConfig } = environment
    const unique = randomBytes(4).toString('hex')
    const http = nodeHttp({
      connections: inputs.connections,
      proxyEnv: process.env,
      hide: mask,
      userAgent: 'alt-las-verify',
      unreachableHint:
        'check the input `url`, its name resolution from this runner, and NODE_EXTRA_CA_CERTS where the certificate is private',
    })
    const connected: { cluster?: ReturnType<typeof connect> } = {}
    const connection = () =>
      (connected.cluster ??= connect(
        { ...inputs.cluster, environment: process.env, hide: mask },
        systemClock,
      ))
    const cluster = () => connection().cluster
    const access = () => connection().access
    const nodes = () => connection().nodes
    const registryHttp = systemHttp({ variables: process.env, hide: mask })
    const own = { login: inputs.login, githubToken: null, actor: '', dockerConfig }
    const helper = { ...helperProcess, hide: mask }
    const repositoryOf = (at: Reference) =>
      openForPull(
        at,
        { ...own, attempts: 3, signal: interrupted },
        { http: registryHttp, clock: systemClock, helper },
      )
    const registry = registryNames(({ reference }) => repositoryOf(reference))
    const images = registrySettings(repositoryOf)
    const ways = (source: Inputs['metrics']) => {
      // An address over HTTP needs no cluster.
      return { http: registryHttp, proxy: source?.address.kind === 'service' ? connection().proxy : noProxy }
    }
    const metrics = () => metricsSource(inputs.metrics, ways(inputs.metrics), systemClock)
    const logStore = () => metricsSource(below(inputs.logs, '/loki'), ways(inputs.logs), systemClock)
    const files = runFiles('verify', environment)
    const tls = systemTls
    const [clock, log] = [systemClock, actionLog]
    try {
      return await verify(inputs, {
        cluster,
        access,
        nodes,
        metrics,
        logStore,
        registry,
        images,
        http,
        tls,
        files,
        clock,
        log,
        draft,
        interrupted,
        unique,
      })
    } finally {
      http.close()
      registryHttp.close()
      connected.cluster?.close()
    }
  },
  outputsOf,
  summarize,
})

/** An address over HTTP uses no cluster. */
const noProxy = {
  get: () => Promise.reject(new Failure('bug', 'there is no cluster to go through', { fault: 'ours' })),
}
