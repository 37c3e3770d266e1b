import { expect, test } from '@jest/globals'
import { Failure } from '@alt-las/failure'
import { unlessRefused } from './unless-refused.ts'

const refused = (code: string) => () => Promise.reject(new Failure(code, 'no', { fault: 'outside' }))

test('what the API server refuses by a named code is what stands for it', async () => {
  await expect(unlessRefused(() => Promise.resolve([1]), { forbidden: null })).resolves.toEqual([1])
  await expect(unlessRefused(refused('forbidden'), { forbidden: null })).resolves.toBeNull()
  await expect(unlessRefused(refused('not-found'), { 'not-found': undefined })).resolves.toBeUndefined()
})

test.each([
  ['a code that is not named', refused('not-found')],
  ['another code', refused('unavailable')],
  ['an error without a code', () => Promise.reject(new TypeError('no'))],
])('%s stops', async (_, read) => {
  await expect(unlessRefused(read, { forbidden: null })).rejects.toThrow('no')
})
