import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { statePart } from '../base/part.ts'
import { moduleFolder } from '../build/go.ts'
import { certManager, externalSecrets } from '../versions.ts'
import { apply, type Manifest } from './apply.ts'
import { kubectl } from './control-plane.ts'

/** Of the External Secrets Operator, what kubernetes/secrets uses: its other resources are large. */
const ofExternalSecrets = ['externalsecrets', 'secretstores', 'clustersecretstores']

/** The resources of cert-manager and of the External Secrets Operator, without their controllers: manifests are checked, and nothing acts on them. */
export const secretOperators = statePart('secret operators', async (lab) => {
  const certificates = join(await moduleFolder(lab, certManager), 'deploy', 'crds')
  const secrets = join(await moduleFolder(lab, externalSecrets), 'config', 'crds', 'bases')
  const files = [
    ...readdirSync(certificates)
      .filter((name) => name.endsWith('.yaml'))
      .map((name) => join(certificates, name)),
    ...ofExternalSecrets.map((name) => join(secrets, `external-secrets.io_${name}.yaml`)),
  ]
  const definitions = files.map((file) => parse(readFileSync(file, 'utf8')) as Manifest)
  await apply(lab, definitions)
  const names = definitions.map(({ metadata }) => `crd/${metadata.name}`)
  await kubectl(lab, ['wait', '--for=condition=Established', '--timeout=60s', ...names])
})
