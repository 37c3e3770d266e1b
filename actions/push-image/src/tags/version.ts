/** A semantic version, with or without a leading v. */
export interface Version {
  readonly major: number
  readonly minor: number
  readonly patch: number
  /** `rc.1`; empty for a stable version. */
  readonly prerelease: string
  /** Without the v, as it may stand in a tag: `1.2.3-rc.1`. */
  readonly text: string
}

const grammar =
  /^v?((0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(?:-((?:0|[1-9]\d*|\d*[a-z-][0-9a-z-]*)(?:\.(?:0|[1-9]\d*|\d*[a-z-][0-9a-z-]*))*))?(?:\+[0-9a-z-]+(?:\.[0-9a-z-]+)*)?)$/i

/** Null where the text is no version of semver 2.0. */
export function parseVersion(text: string): Version | null {
  const match = grammar.exec(text)
  if (match === null) return null
  const [, whole = '', major, minor, patch, prerelease = ''] = match
  return {
    major: Number(major),
    minor: Number(minor),
    patch: Number(patch),
    prerelease,
    // A tag cannot hold the + of build metadata.
    text: whole.replace('+', '-'),
  }
}

/** Whether `a` is higher than `b`, both stable. */
export function isHigher(a: Version, b: Version): boolean {
  if (a.major !== b.major) return a.major > b.major
  if (a.minor !== b.minor) return a.minor > b.minor
  return a.patch > b.patch
}
