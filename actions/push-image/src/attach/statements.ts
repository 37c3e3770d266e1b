import {
  mostSbomBytes,
  provenanceStatement,
  sbomOf,
  scanOf,
  signatureOf,
  type Statement,
  type Subject,
} from '@alt-las/evidence'
import { Failure } from '@alt-las/failure'
import { maxDocumentBytes, parseOf } from '@alt-las/outcome'
import { formatPlatform, images, type Layout } from '@alt-las/registry'
import type { PushInputs } from '../inputs.ts'
import type { Ports } from '../ports.ts'

type Files = Ports['files']

/**
 * What will lie beside the image: SBOM and provenance as given; where it is signed also its signature and the scan's verdict. Throws Failure
 * `bad-attestation` (fault input): everything is read before the first byte is sent.
 */
export async function gatherStatements(
  inputs: PushInputs,
  layout: Layout,
  files: Files,
): Promise<readonly Statement[]> {
  const { sbom, provenance, sign, scanReport, image } = inputs
  const subject: Subject = { name: image.name, digest: layout.top.digest }
  const statements: Statement[] = []
  if (sign.kind !== 'off') statements.push(signatureOf(subject))
  if (sbom !== null) statements.push(...(await readSboms(sbom, { layout, subject, files })))
  if (provenance !== null) {
    const text = await files.readNamed(provenance)
    statements.push(named('provenance', provenance, () => provenanceStatement(text, subject)))
  }
  if (sign.kind !== 'off' && scanReport.kind === 'file')
    statements.push(await readVerdict(scanReport.path, subject, files))
  return statements
}

interface Sboms {
  readonly layout: Layout
  readonly subject: Subject
  readonly files: Files
}

async function readSboms(path: string, { layout, subject, files }: Sboms): Promise<readonly Statement[]> {
  if ((await files.kind(path)) !== 'directory')
    return [await readSbom(path, [subject, ...onlyPlatform(layout, subject)], files)]
  const platforms = images(layout).flatMap(({ platform, descriptor }) =>
    platform === null ? [] : [{ name: formatPlatform(platform).replaceAll('/', '-'), descriptor }],
  )
  const found = await files.find([`${path}/*.json`])
  const statements: Statement[] = []
  for (const { name, descriptor } of platforms) {
    const file = found.find((one) => (one.split(/[\\/]/).at(-1) ?? '').startsWith(`${name}.`))
    if (file === undefined) throw bad('sbom', path, new Error(`it has no file for the platform ${name}`))
    const own: Subject = { name: subject.name, digest: descriptor.digest }
    statements.push(await readSbom(file, [subject, own], files))
  }
  return statements
}

// The manifest of the only platform is named too: a reader may have come to it through the index.
function onlyPlatform(layout: Layout, { name, digest }: Subject): readonly Subject[] {
  const [only, ...others] = images(layout)
  if (only === undefined || others.length > 0 || only.descriptor.digest === digest) return []
  return [{ name, digest: only.descriptor.digest }]
}

async function readSbom(path: string, subjects: readonly Subject[], files: Files): Promise<Statement> {
  const text = await files.readNamed(path, mostSbomBytes)
  return named('sbom', path, () => sbomOf(text, subjects))
}

async function readVerdict(path: string, subject: Subject, files: Files): Promise<Statement> {
  const document = parseOf('scan-trivy', await files.readNamed(path, maxDocumentBytes), path)
  const { outcome, because, startedAt, finishedAt, evidence } = document
  // A scan that failed does not come this far.
  if (outcome === 'failed') throw bad('scan-report', path, new Error('the scan failed'))
  const { trivy, database, counts, findings } = evidence
  const databaseUpdatedAt = database?.updatedAt ?? null
  const scan = { outcome, because, startedAt, finishedAt, trivy, databaseUpdatedAt, counts, findings }
  return scanOf(scan, subject)
}

function named<T>(input: string, path: string, read: () => T): T {
  try {
    return read()
  } catch (error) {
    throw bad(input, path, error)
  }
}

function bad(input: string, path: string, cause: unknown): Failure<'bad-attestation'> {
  return new Failure('bad-attestation', `${input}: ${path} cannot be attached`, { fault: 'input', cause })
}
