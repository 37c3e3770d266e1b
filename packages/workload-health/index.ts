// Why the pods of a workload are not ready: pure, from observed objects to a cause that says whose fault it is.
export { type Cause, type CauseKind } from './causes/cause.ts'
export { readiness, type Readiness, type ReadinessFacts } from './readiness.ts'
export { completedBy, givenUpBy, isJobOver } from './job-end.ts'
export { jobStatus } from './job-status.ts'
export { explainUnready, lastLogLines, observeJob, observeReadiness, podSelector } from './observe.ts'
export { sharedCause } from './shared-cause.ts'
// Former names, until every user has the new ones.
export {
  readiness as standing,
  type Readiness as Standing,
  type ReadinessFacts as Facts,
} from './readiness.ts'
export { jobStatus as jobStanding } from './job-status.ts'
export {
  explainUnready as whyNot,
  lastLogLines as lastLines,
  observeJob as lookAtJob,
  observeReadiness as lookAt,
  podSelector as selectorOf,
} from './observe.ts'
export { sharedCause as sharedBy } from './shared-cause.ts'
