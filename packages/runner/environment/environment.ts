// The run around a step: what GitHub says about it, and the disk that it works on.
import { tmpdir } from 'node:os'
import { context } from '@actions/github'

/** The facts of this run that actions use; '' = not set by the runner. */
export interface Environment {
  readonly temp: string
  readonly workspace: string
  /** `owner/name`. */
  readonly repository: string
  readonly sha: string
  readonly ref: string
  readonly refName: string
  /** `branch` or `tag`. */
  readonly refType: string
  readonly eventName: string
  readonly runId: string
  readonly runAttempt: string
  readonly actor: string
  readonly serverUrl: string
  /** Folder of the docker configuration: `DOCKER_CONFIG` or `~/.docker`. */
  readonly dockerConfig: string
}

/** Facts of GitHub's context, and of the variables that it leaves out. */
export function readEnvironment(): Environment {
  const get = (name: string) => process.env[name] ?? ''
  const { sha, ref, eventName, actor, serverUrl, runId, runAttempt } = context as Partial<typeof context>
  return {
    temp: get('RUNNER_TEMP') || tmpdir(),
    workspace: get('GITHUB_WORKSPACE') || process.cwd(),
    // `context.repo` throws where neither the variable nor the event names one.
    repository: get('GITHUB_REPOSITORY'),
    sha: sha ?? '',
    ref: ref ?? '',
    refName: get('GITHUB_REF_NAME'),
    refType: get('GITHUB_REF_TYPE'),
    eventName: eventName ?? '',
    runId: number(runId),
    runAttempt: number(runAttempt),
    actor: actor ?? '',
    serverUrl: serverUrl ?? 'https://github.com',
    dockerConfig: get('DOCKER_CONFIG') || `${get('HOME')}/.docker`,
  }
}

/** Outside of a run these are NaN. */
const number = (value: number | undefined): string =>
  value === undefined || Number.isNaN(value) ? '' : `${value}`
