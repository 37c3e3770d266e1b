import type { Digest } from '@alt-las/registry'
import type { TagInputs } from '../inputs.ts'
import { heldBack, initialEvidence, lowerCaseNotice, tagEvidence, type PushOutcome } from '../outcome.ts'
import type { TagDecision } from './tag-plan.ts'

export function taggingRefused(inputs: TagInputs, why: string): PushOutcome {
  return {
    kind: 'refused',
    because: `no tag moved: ${why}`,
    subject: { target: inputs.image.name },
    evidence: initialEvidence(inputs),
  }
}

export function tagged(inputs: TagInputs, digest: Digest, decisions: readonly TagDecision[]): PushOutcome {
  const image = `${inputs.image.name}@${digest}`
  const set = decisions.filter(({ kind }) => kind === 'create' || kind === 'move').map(({ tag }) => tag)
  const because = set.length === 0 ? `no tag moved to ${image}` : `${set.join(', ')} moved to ${image}`
  return {
    kind: 'passed',
    because,
    subject: { image, digest },
    evidence: {
      ...initialEvidence(inputs),
      image,
      digest,
      ...tagEvidence(decisions),
      notices: [...lowerCaseNotice(inputs), ...heldBack(decisions)],
    },
  }
}
