// The load of verify, in a process of its own: the same HTTP client and the same sender. Arguments: URL, rate, seconds.
import { nodeHttp } from '@alt-las/api-tests'
import { runLoad } from '@alt-las/load'
import { systemClock } from '@alt-las/time'

const [, , address = '', rate = '', seconds = ''] = process.argv
const url = new URL(address)
const http = nodeHttp({
  ...{ connections: 1000, proxyEnv: {}, userAgent: 'benchmark', unreachableHint: '' },
})
const request = { method: 'GET', path: url.pathname, headers: {}, body: null }
const interrupted = new AbortController().signal
const send = async () => {
  const { status } = await http.send(new URL(url.origin), request, { timeoutMs: 10_000, skipBody: true })
  return status === 200 ? null : { reason: `status ${status}` }
}
const result = await runLoad(
  {
    ...{ targets: [{ name: 'all', request, weight: 1 }], rate: Number(rate) },
    durationMs: 1000 * Number(seconds),
  },
  { send, clock: systemClock, interrupted },
)
http.close()
console.log(JSON.stringify(result))
