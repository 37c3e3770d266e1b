import { execFile } from 'node:child_process'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Scenario } from './scenarios.ts'

const run = promisify(execFile)

export interface Measured {
  readonly p50Ms: number
  readonly p95Ms: number
  readonly p99Ms: number
  readonly errors: number
}

export interface Tool {
  readonly name: string
  measure(url: string, scenario: Scenario): Promise<Measured>
}

export const ours: Tool = {
  name: 'verify',
  measure: async (url, { rate, seconds }) => {
    const script = join(import.meta.dirname, 'ours.ts')
    const { stdout } = await run(process.execPath, [script, url, String(rate), String(seconds)])
    return JSON.parse(stdout) as Measured
  },
}

/** Open loop as well, unless its workers are limited; its reports are in nanoseconds. */
export function vegeta(path: string, workers: number | null = null): Tool {
  const limit = workers === null ? [] : [`-workers=${workers}`, `-max-workers=${workers}`]
  return {
    name: workers === null ? 'vegeta 12.12.0' : `vegeta 12.12.0, a closed loop of ${workers}`,
    measure: async (url, { rate, seconds }) => {
      const folder = await mkdtemp(join(tmpdir(), 'alt-las-vegeta-'))
      const output = join(folder, 'results.bin')
      const attack = ['attack', `-rate=${rate}/1s`, `-duration=${seconds}s`, `-output=${output}`, ...limit]
      const attacking = run(path, attack)
      attacking.child.stdin?.end(`GET ${url}\n`)
      await attacking
      const { stdout } = await run(path, ['report', '-type=json', output])
      const { latencies, requests, success } = JSON.parse(stdout) as Report
      const ms = (name: string) => (latencies[name] ?? NaN) / 1e6
      const errors = Math.round(requests * (1 - success))
      return { p50Ms: ms('50th'), p95Ms: ms('95th'), p99Ms: ms('99th'), errors }
    },
  }
}

interface Report {
  readonly latencies: Readonly<Record<string, number>>
  readonly requests: number
  readonly success: number
}

/** From the Go module proxy, where no path is given. */
export async function installVegeta(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'alt-las-go-'))
  const env = { ...process.env, GOBIN: folder }
  await run('go', ['install', 'github.com/tsenart/vegeta/v12@v12.12.0'], { env })
  return join(folder, 'vegeta')
}
