import type { HeaderRules } from '../transport/judge-headers.ts'
import type { PolicyFile } from './policy.ts'

/** The policy with its defaults, which hold without a file. */
export interface SecuritySettings {
  readonly minVersion: 'TLSv1.2' | 'TLSv1.3'
  readonly forwardSecrecy: boolean
  readonly hstsDays: number
  readonly headers: HeaderRules
  /** By the name of the ServiceAccount, as `list pods`. */
  readonly rights: Readonly<Record<string, readonly string[]>>
  readonly deployerRights: readonly string[]
  readonly logins: NonNullable<PolicyFile['logins']>
  readonly logLines: number
}

export function settingsOf(file: PolicyFile): SecuritySettings {
  return {
    minVersion: file.tls?.['min-version'] ?? 'TLSv1.2',
    forwardSecrecy: file.tls?.['forward-secrecy'] ?? false,
    hstsDays: file.tls?.['hsts-days'] ?? 180,
    headers: file.headers ?? {},
    rights: file.rights ?? {},
    deployerRights: file['deployer-rights'] ?? [],
    logins: file.logins ?? [],
    logLines: file['log-lines'] ?? 1000,
  }
}
