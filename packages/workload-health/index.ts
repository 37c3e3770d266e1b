// Why the pods of a workload are not ready: pure, from observed objects to a cause with its fault (version or surroundings).
export { type Cause, type CauseKind } from './causes/cause.ts'
export { readiness, type Readiness, type ReadinessFacts } from './readiness.ts'
export { completedBy, givenUpBy, isJobOver } from './job-end.ts'
export { jobStatus } from './job-status.ts'
export { logLines } from './log-lines.ts'
export { explainUnready, lastLogLines, observeJobStatus, observeReadiness, podSelector } from './observe.ts'
export { sharedCause } from './shared-cause.ts'
