// Why pods are not ready: pure, from observed objects to a cause and the fault's owner.
export { type Cause, type CauseKind } from './causes/cause.ts'
export { standing, type Facts, type Standing } from './readiness.ts'
export { completedBy, givenUpBy, isJobOver } from './job-end.ts'
export { jobStanding } from './job-status.ts'
export { lastLines, lookAt, lookAtJob, selectorOf, whyNot } from './observe.ts'
export { sharedBy } from './shared-cause.ts'
