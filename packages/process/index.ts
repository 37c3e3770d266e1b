export { systemProcess, type AskOptions, type Finished, type Process, type RunOptions } from './process.ts'
export { childEnvironment, cloudVariables } from './environment.ts'
export { tail } from './tail.ts'
