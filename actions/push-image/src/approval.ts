import { Failure } from '@alt-las/failure'
import { maxDocumentBytes, parseOf } from '@alt-las/outcome'
import type { Digest } from '@alt-las/registry'
import type { RunFiles } from '@alt-las/runner'
import type { ReportInput } from './inputs.ts'

/** Whether a digest may be pushed, by its scan report. `waived`: no scan was asked for. */
export type Approval =
  | { readonly kind: 'approved'; readonly because: string }
  | { readonly kind: 'denied'; readonly because: string }
  | { readonly kind: 'waived' }

/** Throws Failure `no-scan-report` where the report cannot be read, and those of `judgeScan`. */
export async function readApproval(
  scanReport: ReportInput,
  digest: Digest,
  files: Pick<RunFiles, 'readNamed'>,
): Promise<Approval> {
  if (scanReport.kind === 'none') return { kind: 'waived' }
  let text: string
  try {
    text = await files.readNamed(scanReport.path, maxDocumentBytes)
  } catch (error) {
    throw new Failure('no-scan-report', `cannot read scan-report ${scanReport.path}`, {
      fault: 'input',
      cause: error,
      hint: 'give the output `report` of the scan-trivy step; without it nothing is pushed',
    })
  }
  return judgeScan(text, scanReport.path, digest)
}

/**
 * Approves only a scan that passed this digest: a scan that failed or that saw another image proves nothing about it.
 * Throws Failure `bad-outcome-document` where the text is not an outcome document of scan-trivy.
 */
export function judgeScan(text: string, path: string, digest: Digest): Exclude<Approval, { kind: 'waived' }> {
  const { outcome, because, subject } = parseOf('scan-trivy', text, path)
  if (outcome === 'failed' && subject.digest === undefined) {
    return { kind: 'denied', because: `the scan failed: ${because}` }
  }
  if (subject.digest !== digest) {
    const other = subject.digest ?? 'no digest'
    return { kind: 'denied', because: `the scan report is about ${other}, this layout is ${digest}` }
  }
  if (outcome === 'refused') return { kind: 'denied', because: `the scan refused ${digest}: ${because}` }
  if (outcome === 'failed') return { kind: 'denied', because: `the scan of ${digest} failed: ${because}` }
  return { kind: 'approved', because }
}
