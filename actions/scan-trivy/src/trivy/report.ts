import * as z from 'zod/mini'
import { Failure } from '@alt-las/failure'

// What is read of Trivy's JSON (SchemaVersion 2). Other fields may be there; one of these that has another type makes the report unusable.

// Half of a surrogate pair can become neither an address nor a file.
const text = z.string().check(z.refine((value) => value.isWellFormed()))
const word = z.nullish(text)
const name = text.check(z.minLength(1))
const line = z.nullish(z.int().check(z.nonnegative()))

const vulnerability = z.object({
  VulnerabilityID: name,
  PkgName: text,
  PkgPath: word,
  InstalledVersion: word,
  FixedVersion: word,
  Severity: word,
  Title: word,
  PrimaryURL: word,
})

const secret = z.object({ RuleID: name, Severity: word, Title: word, StartLine: line })

const misconfiguration = z.object({
  ID: name,
  Title: word,
  Severity: word,
  Status: word,
  PrimaryURL: word,
  CauseMetadata: z.nullish(z.object({ StartLine: line })),
})

const modified = z.object({
  Status: word,
  Finding: z.nullish(z.object({ VulnerabilityID: word, ID: word, RuleID: word })),
})

const result = z.object({
  Target: word,
  Class: word,
  Type: word,
  Packages: list(z.looseObject({})),
  Vulnerabilities: list(vulnerability),
  Secrets: list(secret),
  Misconfigurations: list(misconfiguration),
  ExperimentalModifiedFindings: list(modified),
})

const report = z.object({
  SchemaVersion: z.literal(2),
  Metadata: z.nullish(
    z.object({
      OS: z.nullish(z.object({ Family: word, Name: word, EOSL: z.nullish(z.boolean()) })),
      ImageID: word,
    }),
  ),
  Results: list(result),
})

export type TrivyReport = z.infer<typeof report>
export type TrivyResult = z.infer<typeof result>

/** Characters: some hundred thousand packages. */
const longest = 256 * 1024 * 1024

/** Throws Failure `scan-unreadable` (fault outside) where the text is truncated or not a report: that is never a clean scan. */
export function parseReport(json: string): TrivyReport {
  if (json.length > longest) throw unusable(`it has ${json.length} characters, expected at most ${longest}`)
  if (json.trim() === '') throw unusable('it is empty')
  let value: unknown
  try {
    value = JSON.parse(json)
  } catch {
    throw unusable('it is truncated or not JSON')
  }
  const parsed = report.safeParse(value)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw unusable(`${pathOf(issue?.path ?? [])} is missing or not of the expected type`)
}

// Go writes an empty list as null, or leaves it out.
function list<T extends z.core.$ZodType>(item: T) {
  return z.nullish(z.array(item))
}

function pathOf(path: readonly PropertyKey[]): string {
  return path.length === 0 ? 'the document' : path.map(String).join('.')
}

function unusable(what: string): Failure<'scan-unreadable'> {
  return new Failure('scan-unreadable', `trivy's report is not usable: ${what}`, {
    fault: 'outside',
    hint: 'run the scan again; check for a full disk',
  })
}
