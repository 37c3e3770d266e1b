import { describe, expect, test } from '@jest/globals'
import { describeSent, nothingSent } from './sent.ts'

describe('describeSent', () => {
  test.each([
    [nothingSent, 'no synthetic request was sent'],
    [
      { sent: 10, failed: 1, answers: { '5xx': 1, '2xx': 9 } },
      '10 synthetic requests were sent through the gateway: 2xx 9, 5xx 1',
    ],
    [
      { sent: 10, failed: 10, answers: { 'no answer': 10 } },
      '10 synthetic requests were sent through the gateway: no answer 10; can the runner reach the gateway?',
    ],
    [
      { sent: 10, failed: 0, answers: { '4xx': 10 } },
      '10 synthetic requests were sent through the gateway: 4xx 10; is the path right?',
    ],
    [
      { sent: 1, failed: 0, answers: {} },
      '1 synthetic request was sent through the gateway: none was answered',
    ],
  ])('%j', (sent, sentence) => {
    expect(describeSent(sent)).toBe(sentence)
  })
})
