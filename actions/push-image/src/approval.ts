import type { Digest } from '@alt-las/registry'
import { parseOf } from '@alt-las/outcome'

/** What a scan report says about a digest. */
export type Approval =
  | { readonly kind: 'approved'; readonly because: string; readonly scannedAt: string }
  | { readonly kind: 'denied'; readonly because: string }

/**
 * Without `passed` for this very digest the answer is no: a scan that failed or that saw another image says nothing about this one.
 * Throws Failure `bad-outcome-document` where the text is no outcome document, or not one of scan-trivy.
 */
export function judgeScan(text: string, path: string, digest: Digest): Approval {
  const { outcome, because, subject, finishedAt } = parseOf('scan-trivy', text, path)
  if (outcome === 'failed' && subject.digest === undefined) {
    return { kind: 'denied', because: `the scan failed: ${because}` }
  }
  if (subject.digest !== digest) {
    const other = subject.digest ?? 'no digest'
    return { kind: 'denied', because: `the scan report is about ${other}, and this layout is ${digest}` }
  }
  if (outcome === 'refused') return { kind: 'denied', because: `the scan refused ${digest}: ${because}` }
  if (outcome === 'failed') {
    return {
      kind: 'denied',
      because: `the scan of ${digest} could not be done, so nothing vouches for it: ${because}`,
    }
  }
  return { kind: 'approved', because, scannedAt: finishedAt }
}
