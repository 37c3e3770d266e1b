import { describe, expect, test } from '@jest/globals'
import { wire } from '@alt-las/testing'
import { systemHttp } from './index.ts'

describe('an interruption of a request', () => {
  const play = async (signal: AbortSignal) => {
    const server = await wire(() => ({ status: 200, body: 'hello' }))
    const response = systemHttp({}).send(
      { method: 'GET', url: new URL(server.url) },
      { idleMs: 5000, signal },
    )
    return { server, response }
  }

  test('rejects with its own reason', async () => {
    const { server, response } = await play(AbortSignal.abort(new Error('interrupted by SIGINT')))
    await expect(response).rejects.toThrow('interrupted by SIGINT')
    await server.close()
  })

  test('while its connection goes back to the pool is no uncaught exception', async () => {
    const abort = new AbortController()
    const { server, response } = await play(abort.signal)
    const { body } = await response
    // The last bytes: the end of the answer is already on its way.
    body.on('data', () => {
      abort.abort()
    })
    await new Promise((resolve) => body.on('close', resolve))
    await new Promise(setImmediate)
    await server.close()
  })
})
