import { randomBytes } from 'node:crypto'
import { systemHttp } from '@alt-las/http'
import { connect, readManifests } from '@alt-las/kubernetes'
import { helperProcess } from '@alt-las/process'
import { findCredentials } from '@alt-las/registry'
import { type MetricsSource, metricScrapes } from '@alt-las/rollout'
import { actionLog, mask, readEnvironment } from '@alt-las/runner'
import { systemClock } from '@alt-las/time'
import { registryEvidence } from './evidence-check/registry-evidence.ts'
import type { Given } from './given.ts'
import type { Inputs } from './operation.ts'
import type { Ports } from './ports.ts'
import { smoke } from './smoke/smoke.ts'
import { httpAsk } from './synthetic/http-ask.ts'
import { visits } from './synthetic/visits.ts'

/** The real adapters for the duration of some work. `environment` is the process's own: a kubeconfig may run programs in it. */
export async function connected<T>(
  inputs: Inputs,
  { interrupted, environment }: Pick<Ports, 'interrupted'> & { readonly environment: NodeJS.ProcessEnv },
  work: (ports: Ports) => Promise<T>,
): Promise<T> {
  const { kubeconfig, context } = inputs
  const source = inputs.operation === 'status' ? noSource : inputs.source
  const runner = readEnvironment()
  const world = connect({ kubeconfig, context, environment, hide: mask }, systemClock)
  const http = systemHttp({ variables: environment, hide: mask })
  const sending = { ask: httpAsk(http), clock: systemClock, random: Math.random, interrupted, log: actionLog }
  const run = [runner.repository || 'local', runner.runId || String(process.pid), runner.runAttempt || '1']
  const visitsOf = (synthetic: Given['syntheticRequests']) => visits(synthetic, sending)
  const scrapesOf = (from: MetricsSource) => metricScrapes(from, { ...world, http }, systemClock)
  const evidence = 'evidence' in inputs ? inputs.evidence : null
  const fromDocker = (registry: string) =>
    findCredentials(registry, runner.dockerConfig, { ...helperProcess, hide: mask })
  const reading = { http, clock: systemClock, log: actionLog, interrupted, fromDocker }
  try {
    return await work({
      ...(evidence === null
        ? {}
        : { findEvidence: registryEvidence({ ...evidence.registry, actor: runner.actor }, reading) }),
      cluster: world.cluster,
      scrapes: scrapesOf(source),
      scrapesOf,
      clock: systemClock,
      log: actionLog,
      interrupted,
      holder: run.join('/'),
      refName: runner.refName || runner.sha.slice(0, 12) || 'unnamed',
      smoke: smoke({
        forward: world.passThrough,
        clock: systemClock,
        interrupted,
        unique: randomBytes(4).toString('hex'),
      }),
      visits: () => visitsOf(inputs.operation === 'status' ? null : inputs.synthetic),
      visitsOf,
      exists: world.existence.exists,
      readManifests,
    })
  } finally {
    http.close()
    world.close()
  }
}

/** `status` judges nothing. */
const noSource = { metricsUrl: null, metricsToken: null, metrics: null }
