import { mkdirSync, writeFileSync } from 'node:fs'
import { stringify } from 'yaml'
import { registryEndpoint } from '../addresses.ts'
import { ask } from '../base/fetch-tls.ts'
import { at, laboratoryCa } from '../base/lab.ts'
import { daemonPart } from '../base/part.ts'

/** The registry that answers for ghcr.io, docker.io and gcr.io inside the lab, over TLS with the lab's authority. */
export const registry = daemonPart({
  name: 'registry',
  prepare: (lab) => {
    mkdirSync(at(lab, 'registry'), { recursive: true })
    const config = {
      version: '0.1',
      log: { level: 'warn', accesslog: { disabled: true } },
      storage: { filesystem: { rootdirectory: at(lab, 'registry') }, delete: { enabled: true } },
      http: {
        addr: registryEndpoint,
        tls: { certificate: at(lab, 'pki', 'registry.crt'), key: at(lab, 'pki', 'registry.key') },
      },
    }
    writeFileSync(at(lab, 'registry.yml'), stringify(config))
    return Promise.resolve()
  },
  daemon: (lab) => ({ command: 'docker-registry', args: ['serve', at(lab, 'registry.yml')] }),
  isReady: async (lab) =>
    (await ask({ url: `https://${registryEndpoint}/v2/`, ca: laboratoryCa(lab), timeoutMilliseconds: 2000 }))
      ?.status === 200,
  patience: 20,
})
