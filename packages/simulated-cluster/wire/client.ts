import { Failure } from '@alt-las/failure'
import {
  type Answer,
  type Ask,
  clusterOver,
  type Connection,
  createApi,
  proxyOver,
} from '@alt-las/kubernetes'
import type { FaultPlan } from '../faults/fault.ts'
import type { Lane } from '../faults/faulty.ts'
import type { Simulation } from '../simulation/simulation.ts'
import { serve } from './serve.ts'

export interface Client extends Lane {
  /** The requests that were sent, tries counted one by one. */
  readonly requests: readonly Ask[]
}

/**
 * The real client in front of the simulated server, under its clock: its tries, pauses, conflicts and re-lists are those of production.
 * Faults count by request, discovery of kinds left out; of the kinds only `status`, `lost`, `slow` and `meddle` exist here.
 */
export function client(simulation: Simulation, plan: FaultPlan = []): Client {
  const server = serve(simulation.cluster)
  const requests: Ask[] = []
  const wire: Connection = {
    ...server,
    ask: async (request) => {
      if (/^\/(?:api\/[^/]+|apis\/[^/]+\/[^/]+)$/.test(request.path)) return server.ask(request)
      requests.push(request)
      const found = plan.find(({ at, times = 1 }) => requests.length >= at && requests.length < at + times)
      return found === undefined ? server.ask(request) : struck(found.fault, { request, server, simulation })
    },
  }
  const { clock } = simulation
  // Pauses are as long as they can be, so that every history can be told again.
  const api = createApi(wire, clock, () => 1)
  return { cluster: { ...clusterOver(api, wire, clock), proxy: proxyOver(api) }, clock, requests }
}

interface Sent {
  readonly request: Ask
  readonly server: Connection
  readonly simulation: Simulation
}

async function struck(
  fault: FaultPlan[number]['fault'],
  { request, server, simulation }: Sent,
): Promise<Answer> {
  const { clock, cluster } = simulation
  switch (fault.kind) {
    case 'status': {
      if (fault.when === 'after') await server.ask(request)
      const text = JSON.stringify({ kind: 'Status', message: 'as the test wants it' })
      const { status, retryAfterMs } = fault
      return { status, text, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) }
    }
    case 'lost': {
      if (fault.when === 'after') await server.ask(request)
      if (fault.how === 'reset')
        throw new Failure('unavailable', 'the connection was reset', { fault: 'outside', transient: true })
      await clock.sleep(request.timeoutMs ?? 15_000)
      throw new Failure('timeout', 'the Kubernetes API gave no answer within 15 s', {
        fault: 'outside',
        transient: true,
      })
    }
    case 'slow':
      await clock.sleep(fault.ms)
      return server.ask(request)
    case 'meddle':
      fault.operation(cluster, { verb: 'get', at: { apiVersion: '', kind: '' }, body: request })
      return server.ask(request)
    case 'kill':
    case 'pause':
    case 'stale':
      throw new Error(`a fault of kind ${fault.kind} exists by call only: see faulty`)
  }
}
