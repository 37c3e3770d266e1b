export { Failure, asFailure, describe, type Fault } from './failure.ts'
export { interruption, reasonOf } from './interruption.ts'
