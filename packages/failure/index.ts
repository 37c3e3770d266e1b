export { Failure, asFailure, describe, type Fault } from './failure.ts'
