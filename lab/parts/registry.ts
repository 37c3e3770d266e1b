import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { fetchAll, systemHttp } from '@alt-las/http'
import { stringify } from 'yaml'
import { registryEndpoint } from '../addresses.ts'
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
  isReady: async (lab) => {
    const request = { method: 'GET', url: new URL(`https://${registryEndpoint}/v2/`) }
    const http = systemHttp({ ca: readFileSync(laboratoryCa(lab)) })
    const answer = await fetchAll(http, request, { deadlineMs: 2000, fresh: true }).catch(() => null)
    return answer?.status === 200
  },
  patience: 20,
})
