import { Failure } from '@alt-las/failure'
import { maxDocumentBytes, parseOf } from '@alt-las/outcome'
import type { Digest, FoundManifest, Repository } from '@alt-las/registry'
import type { ReportInput, TagInputs } from '../inputs.ts'
import type { Ports } from '../ports.ts'
import { planBack } from './plan-back.ts'
import { planTags } from './plan-tags.ts'
import type { TagDecision } from './tag-plan.ts'

/** What is to happen to the tags of an image that is in the registry. */
export type TagPlan =
  | { readonly kind: 'refused'; readonly because: string }
  | { readonly kind: 'planned'; readonly manifest: FoundManifest; readonly decisions: readonly TagDecision[] }

/** Decides about the tags: forward to a verified digest, or back to an earlier release. Only reads. */
export async function planTagging(
  inputs: TagInputs,
  ports: Pick<Ports, 'environment' | 'clock' | 'log' | 'files'> & { readonly repository: Repository },
): Promise<TagPlan> {
  const objection = await unverified(inputs.verifyReport, ports.files)
  if (objection !== null) return { kind: 'refused', because: objection }
  const { target } = inputs
  if (target.kind === 'back') {
    const back = await planBack(inputs, target, ports)
    return back.kind === 'refused' ? back : withManifest(back.digest, back.decisions, ports.repository)
  }
  return withManifest(target.digest, await planTags(inputs, target.digest, ports), ports.repository)
}

async function withManifest(
  digest: Digest,
  decisions: readonly TagDecision[],
  repository: Repository,
): Promise<TagPlan> {
  const manifest = await repository.getManifest(digest)
  if (manifest === null)
    return { kind: 'refused', because: `${repository.name}@${digest} is not in the registry` }
  const refusals = decisions.filter(({ kind }) => kind === 'refuse').map(({ because }) => because)
  return refusals.length > 0
    ? { kind: 'refused', because: `${refusals.join('; ')}, this image is ${digest}` }
    : { kind: 'planned', manifest, decisions }
}

/** Why the report does not say that production is well; null where it does, or where none is asked for. */
async function unverified(report: ReportInput, files: Ports['files']): Promise<string | null> {
  if (report.kind === 'none') return null
  const text = await files.readNamed(report.path, maxDocumentBytes).catch((cause: unknown) => {
    throw new Failure('no-verify-report', `cannot read verify-report ${report.path}`, {
      fault: 'input',
      cause,
      hint: 'give the output `report` of the verify step; without it no tag moves',
    })
  })
  const { outcome, because } = parseOf('verify', text, report.path)
  return outcome === 'passed' ? null : `production is not verified: verify ${outcome}, ${because}`
}
