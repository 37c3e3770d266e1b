import { wholeRelease } from '@alt-las/runner'
import type { Entry } from './entry.ts'

/** A document that has deployed several services as one release is that of each of them. */
export function ofEachTarget(entry: Entry): readonly Entry[] {
  const { document } = entry
  if (document.action !== 'canary-deploy' || entry.service !== wholeRelease) return [entry]
  const { evidence, outcome, subject } = document
  const targets = evidence.targets ?? []
  if (evidence.operation !== 'deploy' || targets.length === 0) return [entry]
  return targets.map((target): Entry => {
    const { deployment: service, because, image } = target
    // After a way back it runs another image than the release's.
    const own = { ...subject, service, ...(outcome === 'passed' ? { image } : {}) }
    const one = { ...document, because, subject: own, evidence: { ...evidence, targets: [target] } }
    return { ...entry, service, document: one as Entry['document'] }
  })
}
