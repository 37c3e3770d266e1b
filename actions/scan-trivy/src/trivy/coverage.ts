import type { ImageContents } from '../target/image-contents.ts'
import type { TrivyReport } from './report.ts'

/** What the vulnerability database knows nothing of, so that a scan without a finding says nothing about it. */
export interface Uncovered {
  /** As `accept-uncovered` takes it: `fedora 40`, `conda-pkg`. */
  readonly name: string
  /** Completes the name to a sentence. */
  readonly because: string
  readonly kind: 'distribution' | 'ecosystem'
}

// The drivers of Trivy 0.74.0: pkg/detector/ospkg/detect.go and pkg/detector/library/driver.go. What is new there refuses until it is listed.
const distributions = new Set([
  ...[
    'alma',
    'alpine',
    'amazon',
    'azurelinux',
    'bottlerocket',
    'cbl-mariner',
    'centos',
    'chainguard',
    'coreos',
  ],
  ...[
    'debian',
    'echo',
    'minimos',
    'opensuse-leap',
    'opensuse-tumbleweed',
    'oracle',
    'photon',
    'redhat',
    'rocky',
  ],
  ...['slem', 'sles', 'ubuntu', 'wolfi'],
])
// Consists of packages of languages alone.
const withoutPackages = new Set(['activestate'])
const ecosystems = new Set([
  ...[
    'bundler',
    'gemspec',
    'rustbinary',
    'cargo',
    'composer',
    'composer-vendor',
    'gobinary',
    'gomod',
    'jar',
    'pom',
  ],
  ...['gradle', 'sbt', 'npm', 'yarn', 'pnpm', 'bun', 'node-pkg', 'javascript', 'nuget', 'dotnet-core'],
  ...[
    'packages-props',
    'pipenv',
    'poetry',
    'pip',
    'python-pkg',
    'uv',
    'pylock',
    'pub',
    'hex',
    'conan',
    'swift',
  ],
  ...['cocoapods', 'bitnami', 'kubernetes', 'julia'],
])

/** The distribution and the ecosystems of a report that Trivy names and cannot judge. */
export function uncoveredIn({ Metadata: metadata, Results: results }: TrivyReport): readonly Uncovered[] {
  const os = metadata?.OS
  const family = (os?.Family ?? '').toLowerCase()
  const name = [family, os?.Name ?? ''].filter((part) => part !== '').join(' ')
  return [...distribution(family, name, os?.EOSL === true), ...languages(results ?? [])]
}

function distribution(family: string, name: string, isEnded: boolean): readonly Uncovered[] {
  if (family === '' || family === 'none' || withoutPackages.has(family)) return []
  const kind = 'distribution'
  if (isEnded) return [{ kind, name, because: 'no longer gets security fixes' }]
  return distributions.has(family) ? [] : [{ kind, name, because: notCovered }]
}

function languages(results: NonNullable<TrivyReport['Results']>): readonly Uncovered[] {
  const found = results
    .filter(({ Class, Packages }) => Class === 'lang-pkgs' && (Packages ?? []).length > 0)
    .map(({ Type }) => Type ?? 'unknown')
    .filter((type) => !ecosystems.has(type))
  return [...new Set(found)].map((name) => ({ kind: 'ecosystem', name, because: notCovered }))
}

const notCovered = 'is not covered by the vulnerability database'

/** With what the image's own files add to Trivy's report; null where the source is not an image. */
export function withContents(
  { uncovered, os }: { readonly uncovered: readonly Uncovered[]; readonly os: string },
  contents: ImageContents | null,
): readonly Uncovered[] {
  if (contents === null) return uncovered
  const kind = 'distribution'
  if (contents.kind === 'unreadable') {
    const because = `cannot be told: ${contents.because}`
    return os === '' ? [...uncovered, { kind, name: 'unknown distribution', because }] : uncovered
  }
  const { distribution: name, ecosystems: passedOver } = contents
  const isNamed = (one: string) => uncovered.some((known) => known.name === one)
  return [
    ...uncovered,
    ...(name === null || os !== '' ? [] : [{ kind, name, because: notCovered } as const]),
    ...passedOver
      .filter((one) => !isNamed(one))
      .map((one) => ({ kind: 'ecosystem', name: one, because: notCovered }) as const),
  ]
}

/** Whether an entry of `accept-uncovered` names it: `debian 8.11` by `debian 8.11`, by `debian 8` or by `debian`. */
export function accepts(entry: string, { name }: Uncovered): boolean {
  const [given, whole] = [entry.toLowerCase().replace(/\s+/g, ' '), name.toLowerCase()]
  return (
    whole === given || whole.startsWith(`${given} `) || (given.includes(' ') && whole.startsWith(`${given}.`))
  )
}
