import { outcomeSchema, serviceNamePattern } from '../document.ts'
import type { ActionName } from '../evidence/evidence.ts'
import { migrateCanaryDeploy } from './canary-deploy.ts'
import { asRecord, asRecords, asText, renamed, type Facts } from '../facts.ts'

/** Documents of the first version: names had no units, and there was no service. */
export const oldSchema = 'alt-las-delivery/outcome/v1'

/** Converts a document of the previous version; it is validated afterwards. */
export function migrate(action: ActionName, old: object, path: string): object {
  const document = old as Facts
  const subject = asRecord(document['subject'])
  const timings = asRecords(document['timings']).map((one) =>
    renamed(one, { startedAt: 'startedAtMs', finishedAt: 'finishedAtMs' }),
  )
  const evidence = evidenceOf[action](asRecord(document['evidence']), asText(subject['target']))
  return {
    ...document,
    schema: outcomeSchema,
    because: asText(document['because']),
    subject: { ...subject, service: serviceOf(action, subject, path) },
    timings,
    evidence,
  }
}

const evidenceOf: Readonly<Record<ActionName, (evidence: Facts, target: string) => Facts>> = {
  'build-image': (evidence) => {
    const layers = (one: Facts) => ({
      layers: asRecords(one['layers']).map((layer) => renamed(layer, { size: 'sizeBytes' })),
    })
    if (Object.keys(evidence).length === 0) return evidence
    return {
      unjudged: [],
      ...renamed(evidence, { reusedFrom: 'releasedAs' }),
      ...(Array.isArray(evidence['platforms'])
        ? {
            platforms: asRecords(evidence['platforms']).map((one) => ({
              ...renamed(one, { size: 'sizeBytes' }),
              ...layers(one),
            })),
          }
        : {}),
      ...(evidence['test'] === undefined
        ? {}
        : {
            test:
              evidence['test'] === null ? null : renamed(asRecord(evidence['test']), { ms: 'durationMs' }),
          }),
    }
  },
  'scan-trivy': (evidence) => evidence,
  'push-image': (evidence) =>
    Array.isArray(evidence['blobs'])
      ? { ...evidence, blobs: asRecords(evidence['blobs']).map((one) => renamed(one, { size: 'sizeBytes' })) }
      : evidence,
  'canary-deploy': migrateCanaryDeploy,
  verify: (evidence) => ({
    ...evidence,
    ...(Array.isArray(evidence['checks'])
      ? { checks: asRecords(evidence['checks']).map((one) => renamed(one, { ms: 'durationMs' })) }
      : {}),
    ...(evidence['load'] === undefined ? {} : { load: loadOf(evidence['load']) }),
  }),
  'release-report': (evidence) => evidence,
}

function loadOf(load: unknown): unknown {
  if (load === null) return null
  const names = { p50: 'p50Ms', p90: 'p90Ms', p95: 'p95Ms', p99: 'p99Ms', max: 'maxMs' }
  const facts = asRecord(load)
  return {
    firstErrors: [],
    ...renamed(facts, { ...names, rate: 'ratePerSecond', senderLagP99: 'senderLagP99Ms' }),
    targets: asRecords(facts['targets']).map((one) => renamed(one, names)),
  }
}

/** The folder `outcome-<service>-<action>` named it in the workflows of that version; else the image or the target that it is about. */
function serviceOf(action: ActionName, subject: Facts, path: string): string {
  const folder = path.split(/[\\/]/).at(-2) ?? ''
  const [prefix, suffix] = ['outcome-', `-${action}`]
  const named =
    folder.startsWith(prefix) && folder.endsWith(suffix) ? folder.slice(prefix.length, -suffix.length) : ''
  const image = asText(subject['image']).split('@')[0]?.split('/').at(-1) ?? ''
  const target = asText(subject['target']).split('/').at(-1) ?? ''
  return [named, image, target].find((one) => serviceNamePattern.test(one)) ?? 'release'
}
