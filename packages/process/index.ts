export { systemProcess, type Finished, type Process, type RunOptions } from './process.ts'
export { tail } from './tail.ts'
