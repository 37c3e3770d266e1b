import { Failure } from '@alt-las/failure'

export interface Release {
  readonly url: string
  /** 64 hex digits, as the project published them with the release. */
  readonly sha256: string
}

/** Version, then the platform's name in the release's files. */
const checksums: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  '0.74.0': {
    'Linux-64bit': '2ae6fe3ee734b7fdf11335663e18c75ea12dccc76062f09f164a3b0f8be4371a',
    'Linux-ARM64': 'b94ce1976bbf3c15b514b605ee88be7c6d94a29be2302847ff01cb794d47aad5',
  },
}

const names: Readonly<Record<string, string>> = { 'linux-x64': 'Linux-64bit', 'linux-arm64': 'Linux-ARM64' }

/** The release's archive for a platform of node. Throws Failure `scanner-unknown` for what has no checksum here. */
export function releaseFor(version: string, platform: string, architecture: string): Release {
  const name = names[`${platform}-${architecture}`] ?? `${platform}-${architecture}`
  const sha256 = checksums[version]?.[name]
  if (sha256 === undefined)
    throw new Failure('scanner-unknown', `the checksum of trivy ${version} for ${name} is unknown`, {
      fault: 'input',
      hint: `put it on PATH, or use one of ${Object.keys(checksums).join(', ')} on ${Object.values(names).join(' or ')}`,
    })
  return {
    url: `https://github.com/aquasecurity/trivy/releases/download/v${version}/trivy_${version}_${name}.tar.gz`,
    sha256,
  }
}
