// The one error that this library throws: code, whose fault it is, hint and cause. And the one way to a file that others may have written.
export { Failure, asFailure, describe, type Fault } from './failure.ts'
export { errorCode } from './error-code.ts'
export { readBounded, readBoundedSync } from './bounded-file.ts'
export { interruption, reasonOf } from './interruption.ts'
