import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemHttp } from '@alt-las/http'
import { openRepository, type Credentials } from '@alt-las/registry'
import { runFiles, startDraft, type Known } from '@alt-las/runner'
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
import type { PushEvidence, PushOutcome } from '../outcome.ts'
import type { Ports } from '../ports.ts'
import { pushImage } from '../push-image.ts'

export interface Stage {
  readonly log: RecordedLog
  /** The draft of a failed step's document. */
  known(): Known
  push(overrides?: Readonly<Record<string, string>>, ports?: Partial<Ports>): Promise<PushOutcome>
}

/** The action's use case against a registry on the wire, with a clock that jumps. */
export function stage(registry: WireRegistry): Stage {
  const log = silentLog()
  const { draft, known } = startDraft<PushEvidence>(fakeClock().now)
  return {
    log,
    known,
    push: (overrides = {}, ports = {}) => {
      const image = `${registry.host}/alt-las/api-gateway`
      const actionYml = new URL('../../action.yml', import.meta.url)
      return pushImage(
        parse(readerFor(actionYml, { image, attempts: '3', 'scan-report': 'none', ...overrides })),
        {
          open: (options) =>
            openRepository(options, { http: systemHttp({}), clock: fakeClock(), random: () => 0 }),
          fromDocker: () => Promise.resolve<Credentials | null>(null),
          identityToken: () => Promise.reject(new Error('no identity in this test')),
          environment: released('refs/tags/v1.2.3'),
          files: runFiles('push-image', { temp: tmpdir(), workspace: tmpdir() }),
          clock: fakeClock(),
          log,
          draft,
          interrupted: new AbortController().signal,
          expire: () => new AbortController().signal,
          ...ports,
        },
      )
    },
  }
}

/** The runner's environment of a push at this ref. */
export function released(ref: string): Ports['environment'] {
  return { ref, sha: '0123456789abcdef', eventName: 'push', actor: 'somebody' }
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
