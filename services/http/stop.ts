import type { Server } from 'node:http'

export interface StopPorts {
  readonly sleep: (ms: number) => Promise<void>
  readonly log: (message: string) => void
}

export interface StopPlan {
  /** Serve on for so long after readiness went off: gateways need that time to hear of it. */
  readonly drainMs: number
  /** Then wait so long at most for requests under way. */
  readonly finishMs: number
}

/** Stops a server without losing a request: drain, no new connections, requests under way finished, the rest cut. */
export async function stop(server: Server, plan: StopPlan, ports: StopPorts): Promise<void> {
  ports.log(`stopping: readiness is off, serving on for ${plan.drainMs / 1000} s`)
  await ports.sleep(plan.drainMs)
  const closed = new Promise<'closed'>((resolve) => server.close(() => resolve('closed')))
  // close() lets go of connections that are idle now; those that fall idle later, after a long answer, need this.
  const sweep = setInterval(() => server.closeIdleConnections(), 50)
  void closed.then(() => clearInterval(sweep))
  const late = ports.sleep(plan.finishMs).then(() => 'late' as const)
  if ((await Promise.race([closed, late])) === 'closed')
    return ports.log('stopped: every request was answered')
  ports.log(`stopping: requests still under way after ${plan.finishMs / 1000} s are cut`)
  server.closeAllConnections()
  await closed
}
