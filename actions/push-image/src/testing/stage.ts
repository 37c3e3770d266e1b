import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemHttp } from '@alt-las/http'
import { openRepository, type Credentials } from '@alt-las/registry'
import {
  fakeClock,
  outcomeDocument,
  readerFor,
  silentLog,
  type DocumentOverrides,
  type RecordedLog,
  type WireRegistry,
} from '@alt-las/testing'
import { parse } from '../inputs.ts'
import type { PushOutcome } from '../outcome.ts'
import { pushImage, type Ports } from '../push-image.ts'

export interface Stage {
  readonly log: RecordedLog
  push(overrides?: Readonly<Record<string, string>>, ports?: Partial<Ports>): Promise<PushOutcome>
}

/** The action's use case against a registry on the wire, with a clock that jumps. */
export function stage(registry: WireRegistry): Stage {
  const log = silentLog()
  return {
    log,
    push: (overrides = {}, ports = {}) => {
      const image = `${registry.host}/alt-las/api-gateway`
      const actionYml = new URL('../../action.yml', import.meta.url)
      return pushImage(
        parse(readerFor(actionYml, { image, attempts: '3', 'scan-report': 'none', ...overrides })),
        {
          open: (options) =>
            openRepository(options, { http: systemHttp({}), clock: fakeClock(), random: () => 0 }),
          fromDocker: () => Promise.resolve<Credentials | null>(null),
          actor: 'somebody',
          facts: { ref: 'refs/tags/v1.2.3', sha: '0123456789abcdef', eventName: 'push' },
          clock: fakeClock(),
          log,
          interrupted: new AbortController().signal,
          expire: () => new AbortController().signal,
          ...ports,
        },
      )
    },
  }
}

/** Writes a scan report, by default one that passed. */
export async function writeScanReport(
  digest: string,
  overrides: DocumentOverrides<'scan-trivy'> = {},
): Promise<string> {
  const path = join(await mkdtemp(join(tmpdir(), 'scan ')), 'outcome.json')
  const subject = { service: 'api-gateway', digest }
  const document = outcomeDocument('scan-trivy', { because: 'clean', subject, ...overrides })
  await writeFile(path, JSON.stringify(document))
  return path
}
