import type { Condition, Job } from '@alt-las/kubernetes'

/** The condition that a Job has succeeded or failed for good: set at once, while its last pod may still be ending. */
export const completedBy = (job: Job): Condition | undefined =>
  conditionOf(job, 'Complete', 'SuccessCriteriaMet')
export const givenUpBy = (job: Job): Condition | undefined => conditionOf(job, 'Failed', 'FailureTarget')

/** Whether its last pod has ended, too. */
export const isJobOver = (job: Job): boolean => conditionOf(job, 'Complete', 'Failed') !== undefined

const conditionOf = ({ status }: Job, ...types: readonly string[]): Condition | undefined =>
  status?.conditions?.find((one) => types.includes(one.type) && one.status === 'True')
