// A server with known delays, in a process of its own. It tells its port on stdout, and at /account what it saw of a run.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { delayOf, stall, usualMs } from './scenarios.ts'

let arrivals: number[] = []

function delay(path: string, sinceFirstMs: number): number {
  if (path === '/known') return delayOf(arrivals.length - 1)
  const leftMs = stall.fromMs + stall.ms - sinceFirstMs
  return sinceFirstMs >= stall.fromMs && leftMs > 0 ? Math.max(leftMs, usualMs) : usualMs
}

const server = createServer((request, response) => {
  const now = performance.now()
  const path = request.url ?? '/'
  if (path === '/account') {
    const spanMs = (arrivals.at(-1) ?? 0) - (arrivals[0] ?? 0)
    response.end(JSON.stringify({ count: arrivals.length, rate: ((arrivals.length - 1) * 1000) / spanMs }))
    arrivals = []
    return
  }
  arrivals.push(now)
  setTimeout(() => response.end('{}'), delay(path, now - (arrivals[0] ?? now)))
})
server.keepAliveTimeout = 60_000
server.listen(0, '127.0.0.1', () => console.log((server.address() as AddressInfo).port))
