/** Where Trivy's databases and checks point to. A scanner's word alone makes no other address a link. */
const hosts = new Set([
  'avd.aquasec.com',
  'nvd.nist.gov',
  'osv.dev',
  'www.cve.org',
  'access.redhat.com',
  'security-tracker.debian.org',
  'ubuntu.com',
  'pkg.go.dev',
  'rustsec.org',
])

/** The address of an advisory that a summary may link to; null for any other one. */
export function advisory(url: string): string | null {
  if (!URL.canParse(url)) return null
  const { protocol, host, pathname } = new URL(url)
  if (protocol !== 'https:') return null
  return hosts.has(host) || (host === 'github.com' && pathname.startsWith('/advisories/')) ? url : null
}
