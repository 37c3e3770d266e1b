import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { at, type Lab } from '../base/lab.ts'
import { statePart } from '../base/part.ts'
import { apply, applyFiles, type Manifest } from './apply.ts'

export const productionNamespace = 'atlas-production'

/** What a platform team hands to a release: its namespace, its deployer, the gateway's certificate and the database's password. */
export const production = statePart('production namespace', async (lab) => {
  await applyFiles(lab, [
    'kubernetes/production/namespace.yaml',
    ...['namespace', 'role', 'production'].map((name) => `kubernetes/deployer/${name}.yaml`),
  ])
  await apply(lab, secrets(lab))
})

function secrets(lab: Lab): readonly Manifest[] {
  const encoded = (file: string): string => readFileSync(at(lab, 'pki', file)).toString('base64')
  const tls = { 'tls.crt': encoded('gateway.crt'), 'tls.key': encoded('gateway.key') }
  return [
    {
      apiVersion: 'v1',
      kind: 'Secret',
      type: 'kubernetes.io/tls',
      metadata: { name: 'atlas-tls', namespace: productionNamespace },
      data: tls,
    },
    {
      apiVersion: 'v1',
      kind: 'Secret',
      type: 'Opaque',
      metadata: { name: 'postgres-credentials', namespace: productionNamespace },
      stringData: { username: 'atlas', password: databasePassword(lab), database: 'atlas' },
    },
    {
      apiVersion: 'v1',
      kind: 'Secret',
      type: 'kubernetes.io/dockerconfigjson',
      metadata: { name: 'ghcr-pull', namespace: productionNamespace },
      stringData: { '.dockerconfigjson': pullSecret },
    },
  ]
}

/** The lab's registry asks nobody who they are; the Secret is there so that pods start as they do with private packages. */
const pullSecret = JSON.stringify({ auths: { 'ghcr.io': { username: 'lab', password: 'opens-nothing' } } })

/** Made once per life of the lab's home, as the data that it protects. */
function databasePassword(lab: Lab): string {
  const file = at(lab, 'pki', 'database-password')
  if (!existsSync(file)) writeFileSync(file, randomBytes(18).toString('base64url'), { mode: 0o600 })
  return readFileSync(file, 'utf8')
}
