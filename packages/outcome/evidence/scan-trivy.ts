import * as z from 'zod/mini'
import { count, durationMs } from './units.ts'

const severity = z.enum(['CRITICAL', 'HIGH', 'MEDIUM', 'LOW', 'UNKNOWN'])

const finding = z.object({
  kind: z.enum(['vulnerability', 'secret', 'misconfiguration']),
  /** `CVE-2021-23337`, or the rule's name. */
  id: z.string(),
  /** The package; '' for other kinds. */
  pkg: z.string(),
  installed: z.string(),
  /** As Trivy lists them, `1.2.3, 2.0.1`; '' where there is no fix yet. */
  fixed: z.string(),
  severity,
  title: z.string(),
  /** A package file, a path, or the distribution. */
  target: z.string(),
  /** 1-based line in `target`. */
  line: z.nullable(z.number()),
  url: z.string(),
  /** Platforms that have it. */
  platforms: z.array(z.string()),
})

const scanned = z.object({
  platform: z.string(),
  /** '' where Trivy knows no distribution. */
  os: z.string(),
  osEnded: z.boolean(),
  packages: count,
  suppressed: count,
})

const database = z.object({
  /** Its repository; null = from the cache, which needed no update. */
  repository: z.nullable(z.string()),
  /** ISO 8601. */
  updatedAt: z.string(),
  ageMs: durationMs,
})

const uncovered = z.object({
  kind: z.enum(['distribution', 'ecosystem']),
  /** `fedora 40`, `conda-pkg`. */
  name: z.string(),
  /** Completes the name to a sentence. */
  because: z.string(),
  platforms: z.array(z.string()),
  isAccepted: z.boolean(),
})

/** One package to upgrade, and the ids of the findings that this clears. */
const upgrade = z.object({
  pkg: z.string(),
  installed: z.string(),
  to: z.string(),
  clears: z.array(z.string()),
})

/** The evidence of scan-trivy. */
export const scanTrivy = z.object({
  counts: z.object({ CRITICAL: count, HIGH: count, MEDIUM: count, LOW: count, UNKNOWN: count }),
  scanned: z.array(scanned),
  /** null if vulnerabilities were not scanned. */
  database: z.nullable(database),
  /** Version of Trivy. */
  trivy: z.string(),
  refusing: z.array(z.object({ id: z.string(), pkg: z.string() })),
  /** Ids of the baseline that are gone. */
  cleared: z.array(z.string()),
  upgrades: z.array(upgrade),
  /** Distributions and ecosystems of which the database knows nothing. Documents of earlier versions do not have it. */
  uncovered: z._default(z.array(uncovered), []),
  /** Entries of the ignore files that have no effect any more. */
  ignored: z.object({ expired: z.array(z.string()), unused: z.array(z.string()) }),
  /** All that was found and not ignored, the worst first. */
  findings: z.array(finding),
})
