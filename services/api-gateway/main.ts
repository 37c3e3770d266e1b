import { calls } from '../http/calls.ts'
import { answers, remembered } from '../http/dependency.ts'
import type { Environment } from '../http/environment.ts'
import { start } from '../http/start.ts'
import { forwarder } from './forward.ts'
import { gateway, type Forward } from './gateway.ts'
import { upstreamNames, type Upstreams } from './operations.ts'

await start({ name: 'api-gateway', read, compose }, process.env)

function read(environment: Environment) {
  const upstreams: Upstreams = {
    segmentation: environment.url('SEGMENTATION_URL'),
    ai: environment.url('AI_URL'),
    archive: environment.url('ARCHIVE_URL'),
    runner: environment.optionalUrl('RUNNER_URL'),
  }
  const timeoutMs = 1000 * environment.whole('UPSTREAM_TIMEOUT_SECONDS', { min: 1, max: 300, fallback: 10 })
  return { upstreams, timeoutMs }
}

// Each upstream must have been seen once by this very process: that proves its settings and its way through the network. Later
// the gateway stays ready without one, and answers 502 to 504 for it alone: to leave with it would make one fault everybody's.
function compose({ upstreams, timeoutMs }: ReturnType<typeof read>) {
  const forwarding = forwarder(timeoutMs)
  const measured = calls(() => performance.now() / 1000)
  const dependencies = upstreamNames.flatMap((name) => {
    const base = upstreams[name]
    return base === null ? [] : [remembered(answers(name, `${base}/readyz`, 1000))]
  })
  const forward: Forward = (call, target) =>
    measured.measure(new URL(target.url).hostname, () => forwarding.forward(call, target))
  const routes = gateway(upstreams, forward)
  return { routes, dependencies, exposes: measured.render, release: forwarding.release }
}
