import { predicateTypes } from './predicates.ts'
import { objectOf, type Statement, type Subject } from './statement.ts'

/** The run of a workflow that built an image, with what BuildKit says about the build. */
export interface Build {
  /** `https://github.com` */
  readonly serverUrl: string
  /** `owner/name` */
  readonly repository: string
  /** Commit. */
  readonly sha: string
  /** `refs/tags/v1.2.3` */
  readonly ref: string
  /** `owner/name/.github/workflows/release.yaml@refs/tags/v1.2.3`: the workflow that was started. */
  readonly workflowRef: string
  readonly eventName: string
  readonly runId: string
  readonly runAttempt: string
  /** `github-hosted` or `self-hosted`. */
  readonly runnerEnvironment: string
  /** ms since 1970. */
  readonly startedAt: number
  readonly finishedAt: number
  /** Base images and other sources, as BuildKit resolved them. */
  readonly materials: readonly Material[]
}

/** `uri` as BuildKit writes it: `pkg:docker/node@24?digest=sha256:…`; `digest` by algorithm. */
export interface Material {
  readonly uri: string
  readonly digest: Readonly<Record<string, string>>
}

/** SLSA provenance v1 in the form that GitHub's own attestations have, so that one policy judges both. */
export function provenanceOf(build: Build): Statement['predicate'] {
  const { serverUrl, repository, sha, ref, workflowRef, runId, runAttempt } = build
  const path = (workflowRef.split('@')[0] ?? '').slice(`${repository}/`.length)
  const source = {
    uri: `git+${serverUrl}/${repository}@${ref}`,
    digest: { gitCommit: sha },
  }
  return {
    buildDefinition: {
      buildType: 'https://actions.github.io/buildtypes/workflow/v1',
      externalParameters: { workflow: { ref, repository: `${serverUrl}/${repository}`, path } },
      internalParameters: {
        github: { event_name: build.eventName, runner_environment: build.runnerEnvironment },
      },
      resolvedDependencies: [source, ...build.materials],
    },
    runDetails: {
      builder: { id: `${serverUrl}/${workflowRef}` },
      metadata: {
        invocationId: `${serverUrl}/${repository}/actions/runs/${runId}/attempts/${runAttempt}`,
        startedOn: new Date(build.startedAt).toISOString(),
        finishedOn: new Date(build.finishedAt).toISOString(),
      },
    },
  }
}

/** A provenance document as a statement. Throws an Error that names what is missing. */
export function provenanceStatement(text: string, subject: Subject): Statement {
  const predicate = objectOf(JSON.parse(text), 'the provenance')
  readProvenance(predicate)
  return { subjects: [subject], predicateType: predicateTypes.provenance[0], predicate }
}

/** Repository and workflow of a provenance; throws an Error where it does not name them. */
export function readProvenance(predicate: Statement['predicate']): {
  /** `https://github.com/owner/name` */
  readonly repository: string
  /** `.github/workflows/release.yaml` */
  readonly path: string
  readonly ref: string
} {
  const definition = objectOf(predicate['buildDefinition'], 'buildDefinition')
  const parameters = objectOf(definition['externalParameters'], 'externalParameters')
  const { repository, path, ref } = objectOf(parameters['workflow'], 'externalParameters.workflow')
  if (typeof repository !== 'string' || typeof path !== 'string')
    throw new Error('the provenance names no repository and workflow')
  return { repository, path, ref: typeof ref === 'string' ? ref : '' }
}
