import compare from 'semver/functions/compare.js'
import parseSemver from 'semver/functions/parse.js'
import { tagOf } from '@alt-las/registry'

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

/** Null where the text is no version of semver 2.0. */
export function parseVersion(text: string): Version | null {
  // The library ignores white space around a version; a tag that contains some is not one.
  const found = /\s/.test(text) ? null : parseSemver(text)
  if (found === null) return null
  const { major, minor, patch, prerelease, raw } = found
  return { major, minor, patch, prerelease: prerelease.join('.'), text: tagOf(raw.replace(/^v/, '')) }
}

/** Whether `a` is higher than `b`, in the order of semver: a pre-release is below its release. */
export function isHigher(a: Version, b: Version): boolean {
  return compare(ordered(a), ordered(b)) > 0
}

function ordered({ major, minor, patch, prerelease }: Version): string {
  return `${[major, minor, patch].join('.')}${prerelease === '' ? '' : `-${prerelease}`}`
}
