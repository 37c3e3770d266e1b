import { describe, expect, test } from '@jest/globals'
import { Failure } from '@alt-las/failure'
import type { ConfigMap } from '@alt-las/kubernetes'
import { pod } from '../../testing/objects.ts'
import { judgeImages } from './judge-images.ts'
import { judgeLogs } from './judge-logs.ts'
import { judgeMaps } from './judge-maps.ts'

const map = (data: Readonly<Record<string, string>>): ConfigMap => {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'settings', namespace: 'shop' }, data }
}
const token = `ghp_${'a'.repeat(36)}`

describe('the ConfigMaps', () => {
  test('pass with settings, addresses and certificates', () => {
    const settings = {
      'app.yaml': 'url: http://db:5432\npassword_file: /run/secrets/password\n',
      MODE: 'fast',
    }
    expect(judgeMaps([map(settings), map({ 'ca.crt': '-----BEGIN CERTIFICATE-----\nMIIB\n' })])).toEqual({
      ok: true,
      because: '2 ConfigMaps hold nothing that looks like a secret',
    })
  })

  test('are refused by place, never by value', () => {
    const found = judgeMaps([map({ PASSWORD: 'hunter2', 'app.yaml': `mode: fast\ntoken: ${token}\n` })])
    expect(found.because).toBe(
      'looks like a secret: settings/PASSWORD (is named like a credential), settings/app.yaml line 2 (has the form of a credential)',
    )
    expect(JSON.stringify(found)).not.toMatch(/hunter2|ghp_/)
  })
})

describe('the logs', () => {
  const judged = (log: () => Promise<string>, lines = 100) =>
    judgeLogs({ namespace: 'shop', pods: [pod()], lines }, { cluster: { log } })

  test('are refused by pod and line, never by text', async () => {
    const found = await judged(() => Promise.resolve(`started\nAuthorization: ${token}\n`))
    expect(found.because).toBe('has the form of a credential, of the last 100 lines: web-1 (web) line 2')
    expect(JSON.stringify(found)).not.toContain('ghp_')
  })

  test('pass with sentences about passwords', async () => {
    const found = await judged(() => Promise.resolve('password authentication failed for user "postgres"\n'))
    expect(found.ok).toBe(true)
  })

  test('that cannot be read are named', async () => {
    const found = await judged(() => Promise.reject(new Failure('forbidden', 'no', { fault: 'input' })))
    expect(found.notChecked).toEqual(['log of web-1 (web): the deployer may not get pods/log'])
    expect((await judged(() => Promise.resolve(''), 0)).notChecked).toHaveLength(1)
  })
})

describe('the images', () => {
  const judged = (env: readonly string[], history: readonly string[]) =>
    judgeImages([pod()], { images: { settingsOf: () => Promise.resolve({ env, history }) } })

  test('pass with what images have', async () => {
    const history = ['/bin/sh -c #(nop) COPY file:0a in /app', 'RUN |1 SERVICE=web /bin/sh -c npm ci']
    const found = await judged(['PATH=/usr/bin', 'NODE_VERSION=24.1.0', 'GPG_KEY_ID=A1'], history)
    expect(found).toEqual({
      ok: true,
      because: '1 of 1 images hold no secret in their environment or history',
    })
  })

  test('are refused for a secret in an ENV, and in the arguments of a layer', async () => {
    const found = await judged(
      ['API_TOKEN=hunter2'],
      ['COPY a b', 'RUN |1 NPM_TOKEN=hunter2 /bin/sh -c npm ci'],
    )
    expect(found.because).toBe(
      'looks like a secret: ghcr.io/alt-las/web@sha256:aaaaaaaaaaaa ENV API_TOKEN, ghcr.io/alt-las/web@sha256:aaaaaaaaaaaa layer 2 NPM_TOKEN',
    )
  })

  test('that their registry does not show are named', async () => {
    const settingsOf = () => Promise.reject(new Failure('registry-absent', 'gone', { fault: 'outside' }))
    const found = await judgeImages([pod()], { images: { settingsOf } })
    expect(found.because).toBe('0 of 1 images hold no secret in their environment or history')
    expect(found.notChecked).toEqual(['history of ghcr.io/alt-las/web@sha256:aaaaaaaaaaaa: gone'])
  })
})
