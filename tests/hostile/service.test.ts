import { type ChildProcess, spawn } from 'node:child_process'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { startElsewhere, verifyHostile } from './service-story.ts'

const program = join(import.meta.dirname, 'service.ts')

/** A port that is free now, and stays the service's through its restarts. */
async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const { port } = server.address() as AddressInfo
  await new Promise((done) => server.close(done))
  return port
}

test('a hostile service ends no verification without a verdict, and gets no request sent to another host', async () => {
  const elsewhere = await startElsewhere()
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  let running: ChildProcess | null = null
  const restarted = async () => {
    running = spawn(process.execPath, ['--no-warnings', program, String(port), elsewhere.url], {
      stdio: 'inherit',
    })
    while (!(await fetch(`${url}/readyz`).catch(() => null))?.ok) await new Promise(setImmediate)
  }
  try {
    await verifyHostile({ url, entry: 'src/main.ts', restarted })
    expect(elsewhere.visits()).toBe(0)
  } finally {
    ;(running as ChildProcess | null)?.kill()
    elsewhere.close()
  }
})
