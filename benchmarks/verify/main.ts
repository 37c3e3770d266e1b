// How exactly verify's load measures: against a server with known delays, beside vegeta, one after the other in one run.
//   node benchmarks/verify/main.ts [path of vegeta]
// Exit code 1 where a percentile of verify is off by more than 2 %, or its rate by more than 1 %.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { scenarios, type Scenario } from './scenarios.ts'
import { installVegeta, ours, vegeta, type Measured, type Tool } from './tools.ts'

const [percentiles, mostOff, mostRateOff] = [['p50Ms', 'p95Ms', 'p99Ms'] as const, 0.02, 0.01]

const [, , given] = process.argv
const path = given ?? (await installVegeta())
const open: readonly Tool[] = [ours, vegeta(path)]
/** Twelve are enough for 100 requests per second of 100 ms; in the stall all twelve wait, and nothing more is sent. */
const closed = vegeta(path, 12)
const server = spawn(process.execPath, [join(import.meta.dirname, 'server.ts')], {
  stdio: ['ignore', 'pipe', 'inherit'],
})
const [port] = (await once(server.stdout, 'data')) as [Buffer]
const base = `http://127.0.0.1:${String(port).trim()}`

console.log('| server | tool | p50 | p95 | p99 | errors | rate |')
console.log('| --- | --- | ---: | ---: | ---: | ---: | ---: |')
let isExact = true
for (const scenario of scenarios) {
  const { truth, rate, name } = scenario
  const [p50, p95, p99] = percentiles.map((one) => `${truth[one]} ms`)
  console.log(`| ${name} | **the truth** | ${p50} | ${p95} | ${p99} | 0 | ${rate} |`)
  for (const tool of scenario.path === '/stall' ? [...open, closed] : open) {
    const measured = await tool.measure(base + scenario.path, scenario)
    const account = (await (await fetch(`${base}/account`)).json()) as { readonly rate: number }
    const cells = percentiles.map((one) => cell(measured[one], truth[one]))
    const rateOff = account.rate / rate - 1
    console.log(
      `| ${name} | ${tool.name} | ${cells.join(' | ')} | ${measured.errors} | ${account.rate.toFixed(2)} (${signed(rateOff)}) |`,
    )
    if (tool === ours) isExact &&= isWithin(measured, scenario) && Math.abs(rateOff) <= mostRateOff
  }
}
server.kill()
console.log(isExact ? '\nverify is within 2 % and 1 %' : '\nverify is NOT within 2 % and 1 %')
process.exitCode = isExact ? 0 : 1

function isWithin(measured: Measured, { truth }: Scenario): boolean {
  return percentiles.every((one) => Math.abs(measured[one] - truth[one]) <= mostOff * truth[one])
}

function cell(ms: number, truthMs: number): string {
  return `${ms.toFixed(1)} ms (${signed(ms / truthMs - 1)})`
}

function signed(share: number): string {
  return `${share < 0 ? '−' : '+'}${(Math.abs(share) * 100).toFixed(2)} %`
}
