import { Failure } from '@alt-las/failure'
import type { Finished } from '@alt-las/process'

/** Why there is no verdict. */
export type FaultCode =
  | 'scan-timeout'
  | 'scan-killed'
  | 'database-unreachable'
  | 'database-unusable'
  | 'layer-cache-unusable'
  | 'image-unreadable'
  | 'disk-full'
  | 'scan-failed'

interface KnownFault {
  readonly pattern: RegExp
  readonly code: FaultCode
  readonly hint: string
}

const known: readonly KnownFault[] = [
  {
    pattern: /context deadline exceeded|provided timeout/i,
    code: 'scan-timeout',
    hint: 'raise timeout, or leave large folders out with skip-dirs',
  },
  { pattern: /no space left on device/i, code: 'disk-full', hint: 'free disk space on the runner' },
  {
    pattern: /initialize the Java DB|failed to download Java DB|Java DB (?:update failed|error)/i,
    code: 'database-unreachable',
    hint: 'an image with jar files needs the Java database: check the network and java-db-repository, or name a mirror there',
  },
  {
    pattern:
      /failed to download vulnerability DB|OCI artifact error|oci download error|OCI repository error/i,
    code: 'database-unreachable',
    hint: 'check the network and db-repository, or name a mirror there',
  },
  {
    pattern: /unable to initialize (?:the )?(?:fs )?cache|unable to open cache DB|cache may be in use/i,
    code: 'layer-cache-unusable',
    hint: 'empty cache-dir',
  },
  {
    pattern:
      /database error|DB schema|--skip-db-update cannot be specified|invalid database|bbolt|metadata\.json/i,
    code: 'database-unusable',
    hint: 'empty cache-dir and run again',
  },
  {
    pattern:
      /unable to (?:find the specified image|initialize (?:a|an) (?:image )?scan|open .* as an OCI)|image scan error: .*(?:unable|failed)|MANIFEST_UNKNOWN|UNAUTHORIZED|DENIED|invalid OCI image/i,
    code: 'image-unreadable',
    hint: 'check the reference or the layout, and the right to read it',
  },
]

/** The cause stands last, and the patterns take time by the square of a line. */
const readCharacters = 64 * 1024

/** A Failure for a failed run of Trivy. Every fault of Trivy has exit code 1, so its message decides. */
export function explain(what: string, { code, endedBy }: Finished, stderr: string): Failure<FaultCode> {
  const end = stderr.slice(-readCharacters)
  const said = fatalOf(end)
  if (endedBy === 'timeout')
    return failure(
      'scan-timeout',
      `${what} exceeded the time limit`,
      'raise timeout, or leave large folders out with skip-dirs',
    )
  if (endedBy === 'signal')
    return failure(
      'scan-killed',
      `${what}: the scanner was killed from outside${said === '' ? '' : `: ${said}`}`,
      'check the memory of the runner',
    )
  const match = known.find(({ pattern }) => pattern.test(end))
  const message = `${what} failed with exit code ${code}: ${said || 'the scanner gave no reason'}`
  return failure(
    match?.code ?? 'scan-failed',
    message,
    match?.hint ?? 'see the output of the scanner in the log above',
  )
}

// Trivy wraps an error once per layer.
const wrappers =
  /(?:run error|init error|DB error|(?:image )?scan error|scan failed|failed analysis|analyze error|pipeline error|OCI (?:artifact|repository) error|failed to download vulnerability DB|1 error occurred): (?:\* )?/g

// `2026-01-01T10:00:00Z	FATAL	Fatal error	run error: …`
function fatalOf(stderr: string): string {
  const lines = stderr.split('\n').map((line) => line.trim())
  const at = lines.findLastIndex((line) => /\bFATAL\b/.test(line))
  if (at === -1) return lines.findLast((line) => line !== '') ?? ''
  return lines
    .slice(at)
    .join(' ')
    .replace(/^.*?\bFATAL\b\s*(?:Fatal error\s*)?/, '')
    .replace(wrappers, '')
    .replace(/\s+/g, ' ')
    .trim()
}

function failure(code: FaultCode, message: string, hint: string): Failure<FaultCode> {
  return new Failure(code, message, { fault: 'outside', hint })
}
