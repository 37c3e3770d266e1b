import { openRepository, type Repository } from './client/repository.ts'
import type { SessionPorts } from './client/session.ts'
import { chooseCredentials, type Given } from './credentials/choose.ts'
import { findCredentials, type Helper } from './credentials/credentials.ts'
import type { Reference } from './reference.ts'

export interface PullOptions extends Given {
  /** Tries of each operation, at least 1. */
  readonly attempts: number
  readonly signal: AbortSignal
  /** The folder of docker's configuration. */
  readonly dockerConfig: string
  readonly onRetry?: (line: string) => void
}

/** A repository to read from, with the credentials that a step has for its registry. Throws as chooseCredentials and findCredentials do. */
export async function openForPull(
  at: Pick<Reference, 'registry' | 'repository'>,
  { dockerConfig, login, githubToken, actor, ...options }: PullOptions,
  ports: SessionPorts & { readonly helper: Helper },
): Promise<Repository> {
  const given = { login, githubToken, actor }
  const { credentials } = await chooseCredentials(at.registry, given, (registry) =>
    findCredentials(registry, dockerConfig, ports.helper),
  )
  return openRepository({ ...options, at, access: 'pull', credentials }, ports)
}
