// Clock port, durations, and retries of what is transient.
export { systemClock, type Clock } from './clock.ts'
export { formatDuration, parseDuration } from './duration.ts'
export { inTime } from './in-time.ts'
export { retry, type Attempt, type RetryOptions } from './retry.ts'
export {
  isTransient,
  classifyMessage,
  isTransientMessage,
  isTransientStatus,
  parseRetryAfter,
} from './transient.ts'
export { until, type UntilOptions } from './until.ts'
