import type { Condition, Job } from '@alt-las/kubernetes'

/** What says that a Job has succeeded, or that it has given up: there at once, while the last of its pods may still be ending. */
export const completedBy = (job: Job): Condition | undefined =>
  conditionOf(job, 'Complete', 'SuccessCriteriaMet')
export const givenUpBy = (job: Job): Condition | undefined => conditionOf(job, 'Failed', 'FailureTarget')

/** Whether the last of its pods has ended, too. */
export const isJobOver = (job: Job): boolean => conditionOf(job, 'Complete', 'Failed') !== undefined

const conditionOf = ({ status }: Job, ...types: readonly string[]): Condition | undefined =>
  status?.conditions?.find((one) => types.includes(one.type) && one.status === 'True')
