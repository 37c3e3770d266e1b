import { describe, expect, test } from '@jest/globals'
import { findSecrets, isPlainSecret, looksRandom } from './index.ts'

const random = 'q7Zp1LxV9tB4mKe2RwYc'

test.each([
  ['PASSWORD_FILE', '/run/secrets/x', null],
  ['DATABASE_URL', 'postgres://db:5432/x', null],
  ['DATABASE_URL', 'postgres://me:pw@db:5432/x', 'has the form of a credential'],
  ['API_KEY', '', null],
  ['API_KEY', '$(OTHER)', null],
  ['API_KEY', '${OTHER}', null],
  ['PGPASSWORD', '$(cat /etc/postgres/password)', null],
  ['PGPASSWORD', '$(echo hunter2)', 'is named like a credential'],
  ['API_KEY', '<your key>', null],
  ['DB_PASSWORD', '/etc/postgres/password', null],
  ['PASSWORD', 'hunter2', 'is named like a credential'],
  ['dbPassword', 'hunter2', 'is named like a credential'],
  ['DBPASSWORD', 'hunter2', 'is named like a credential'],
  ['ApiKey', 'x', 'is named like a credential'],
  ['NOTE', '-----BEGIN RSA PRIVATE KEY-----', 'has the form of a credential'],
  ['NOTE', `ghp_${'a'.repeat(36)}`, 'has the form of a credential'],
  ['MAX_TOKENS', '100', null],
  ['TOKEN', '3600', null],
  ['url', 'postgres://$(USER):$(PASS)@db/x', null],
  ['SIGNING_KEY_V2', random, 'looks random'],
  ['KEY_ID', random, null],
  ['BUILD', random, null],
  ['SECRET_SOURCE', 'vault.internal.example.com', null],
])('%s=%s in plain text: %s', (name, value, because) => {
  expect(isPlainSecret(name, value)).toBe(because)
})

test.each([
  [random, true],
  ['kJ8/x+Q2mZ1pR7sT5vW9yA==', true],
  ['0b5f5d1e8c9a4f7e2d3c1b0a9f8e7d6c', true],
  [`sha256:${'0123456789abcdef'.repeat(4)}`, false],
  ['2f1c6a3e-8f0a-4a6e-9b1d-0c5e7a9d3b42', false],
  ['segmentation-service.atlas-production.svc', false],
  ['internationalization', false],
  ['aaaaaaaaaaaaaaaaaaaaaaaa1', false],
  ['short1', false],
])('%s looks random: %s', (text, expected) => {
  expect(looksRandom(text)).toBe(expected)
})

describe('the secrets of a text', () => {
  const settings = [
    'scrape_interval: 5s',
    'basic_auth:',
    '  username: prometheus',
    '  password: hunter2',
    '  password_file: /etc/prometheus/password',
    `export TOKEN="${random}"`,
    'url: https://me:open-sesame@example.com/',
    'password: ${PASSWORD}',
  ].join('\n')

  test('are named by line, never by value', () => {
    const places = findSecrets(settings)
    expect(places.map(({ line }) => line)).toEqual([4, 6, 7])
    expect(JSON.stringify(places)).not.toMatch(/hunter2|sesame|q7Zp/)
  })

  test('of a log are only those with the form of a credential', () => {
    const log = `login failed: password: wrong\nusing token ghp_${'a'.repeat(36)}`
    expect(findSecrets(log, { only: 'forms' }).map(({ line }) => line)).toEqual([2])
  })

  test('are found in linear time, and not without an end', () => {
    const line = `${'a='.repeat(50_000)}${'://'.repeat(50_000)}`
    expect(findSecrets(line)).toEqual([])
    expect(findSecrets('password: x1\n'.repeat(100_000))).toHaveLength(20)
  })
})
