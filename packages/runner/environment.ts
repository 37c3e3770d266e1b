import { tmpdir } from 'node:os'

/** Every variable of the runner that this house reads, once. '' where the runner does not set it. */
export interface Environment {
  readonly temp: string
  readonly workspace: string
  readonly repository: string
  readonly sha: string
  readonly ref: string
  readonly refName: string
  readonly refType: string
  readonly eventName: string
  readonly eventPath: string
  readonly runId: string
  readonly runAttempt: string
  readonly job: string
  readonly actor: string
  readonly serverUrl: string
  readonly apiUrl: string
  /** Folder of the docker configuration: `DOCKER_CONFIG` or `~/.docker`. */
  readonly dockerConfig: string
}

export function readEnvironment(): Environment {
  const get = (name: string) => process.env[name] ?? ''
  return {
    temp: get('RUNNER_TEMP') || tmpdir(),
    workspace: get('GITHUB_WORKSPACE') || process.cwd(),
    repository: get('GITHUB_REPOSITORY'),
    sha: get('GITHUB_SHA'),
    ref: get('GITHUB_REF'),
    refName: get('GITHUB_REF_NAME'),
    refType: get('GITHUB_REF_TYPE'),
    eventName: get('GITHUB_EVENT_NAME'),
    eventPath: get('GITHUB_EVENT_PATH'),
    runId: get('GITHUB_RUN_ID'),
    runAttempt: get('GITHUB_RUN_ATTEMPT'),
    job: get('GITHUB_JOB'),
    actor: get('GITHUB_ACTOR'),
    serverUrl: get('GITHUB_SERVER_URL') || 'https://github.com',
    apiUrl: get('GITHUB_API_URL') || 'https://api.github.com',
    dockerConfig: get('DOCKER_CONFIG') || `${get('HOME')}/.docker`,
  }
}
