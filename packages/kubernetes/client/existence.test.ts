import { expect, test } from '@jest/globals'
import type { Api } from './api.ts'
import { existenceOver } from './existence.ts'

const secret = { apiVersion: 'v1', kind: 'Secret', namespace: 'shop', name: 'pull' }

function answering(status: number) {
  const asked: unknown[] = []
  const api = {
    path: () => Promise.resolve('/api/v1/namespaces/shop/secrets'),
    ask: (request: unknown) => {
      asked.push(request)
      return Promise.resolve({ status, text: '{}', headers: {} })
    },
  } as unknown as Api
  return { asked, existence: existenceOver(api) }
}

test.each([
  [409, true],
  [201, false],
  [403, null],
])('an answer %d to a creation that is not stored means %s', async (status, exists) => {
  const { asked, existence } = answering(status)
  expect(await existence.exists(secret)).toBe(exists)
  expect(asked).toEqual([
    {
      method: 'POST',
      path: '/api/v1/namespaces/shop/secrets?dryRun=All',
      body: { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'pull', namespace: 'shop' } },
    },
  ])
})

test('another answer is a Failure', async () => {
  await expect(answering(500).existence.exists(secret)).rejects.toThrow(
    'ask whether the Secret shop/pull exists',
  )
})
