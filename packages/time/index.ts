export { systemClock, type Clock } from './clock.ts'
export { formatDuration, parseDuration } from './duration.ts'
export { retry, type Attempt, type RetryOptions } from './retry.ts'
export { until, type UntilOptions } from './until.ts'
