// The one error that this library throws: code, whose fault it is, hint and cause.
export { Failure, asFailure, describe, type Fault } from './failure.ts'
export { errorCode } from './error-code.ts'
export { interruption, reasonOf } from './interruption.ts'
