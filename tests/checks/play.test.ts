import { describe, expect, test } from '@jest/globals'
import { readFileSync } from 'node:fs'
import type { Check } from './check.ts'
import { play, type PlayOptions } from './play.ts'

const check = (script: string, minutes = 1): Check => ({
  ...{ name: 'one', part: 'e2e', title: 'it holds', needsLab: false },
  ...{ args: ['-e', script], minutes },
})

async function played(script: string, minutes?: number, more: Partial<PlayOptions> = {}) {
  const said: string[] = []
  const late = () => {
    said.push('asked the cluster')
    return Promise.resolve()
  }
  const usual = { root: process.cwd(), leftMs: 60_000, late, interrupted: new AbortController().signal }
  const verdict = await play(check(script, minutes), { ...usual, print: (line) => said.push(line), ...more })
  return { ...verdict, said }
}

const endless = 'setInterval(() => undefined, 1000)'

describe('a check', () => {
  test('passes with exit code 0 and gives its output', async () => {
    const { kind, passed, failed, said } = await played("console.log('it is so')")
    expect({ kind, passed, failed, said }).toEqual({
      kind: 'passed',
      passed: 1,
      failed: 0,
      said: ['it is so'],
    })
  })

  test('fails with any other exit code', async () => {
    expect(await played('process.exit(3)')).toMatchObject({ kind: 'failed', passed: 0, failed: 1 })
  })

  test('is counted by its last line', async () => {
    const script = "console.log('histories: 7 passed, 2 failed'); process.exitCode = 1"
    expect(await played(script)).toMatchObject({ kind: 'failed', passed: 7, failed: 2 })
  })

  test('cannot count itself green with an exit code that is not 0', async () => {
    const script = "console.log('histories: 7 passed, 0 failed'); process.exitCode = 1"
    expect(await played(script)).toMatchObject({ kind: 'failed', failed: 1 })
  })

  test('ends at its deadline, after the cluster was asked', async () => {
    const { kind, failed, said } = await played(endless, 0)
    expect({ kind, failed }).toEqual({ kind: 'late', failed: 1 })
    expect(said.at(-1)).toBe('asked the cluster')
  })

  test('ends when there is no time left for all of them', async () => {
    expect(await played(endless, 1, { leftMs: 0 })).toMatchObject({ kind: 'late' })
  })

  test('goes by SIGKILL when it does not listen', async () => {
    const deaf = `process.on('SIGTERM', () => undefined); ${endless}`
    expect(await played(deaf, 0, { graceMs: 0 })).toMatchObject({ kind: 'late' })
  })

  test('takes what it has started with it, and does not wait for its output', async () => {
    const parent = `const { spawn } = require('node:child_process')
      const child = spawn(process.execPath, ['-e', ${JSON.stringify(endless)}], { stdio: 'inherit' })
      console.log('child ' + child.pid)
      process.exit(0)`
    const { kind, said } = await played(parent)
    const pid = Number(said.find((line) => line.startsWith('child'))?.split(' ')[1])
    expect(kind).toBe('passed')
    expect(pid).toBeGreaterThan(0)
    expect(await gone(pid)).toBe(true)
  })

  test('ends when it is interrupted', async () => {
    const interruption = new AbortController()
    const print = () => {
      interruption.abort()
    }
    const script = `console.log('begun'); ${endless}`
    expect(await played(script, 1, { print, interrupted: interruption.signal })).toMatchObject({
      kind: 'failed',
    })
  })
})

/** Whether the process ends; the kernel takes a moment. */
async function gone(pid: number): Promise<boolean> {
  for (let tries = 0; tries < 10_000; tries += 1) {
    if (!isAlive(pid)) return true
    await new Promise((resolve) => setImmediate(resolve))
  }
  return false
}

function isAlive(pid: number): boolean {
  try {
    const state = /^State:\s+(\S)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
    return state !== 'Z' && state !== 'X'
  } catch {
    return false
  }
}
