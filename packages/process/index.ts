// Other programs: short questions, and long work that can be ended; never through a shell.
export type { AskOptions, Finished, Process, RunOptions } from './process.ts'
export { systemProcess } from './system-process.ts'
export { childEnvironment, cloudVariables } from './environment.ts'
export { credentialVariables, helperProcess } from './programs.ts'
export { tail } from './tail.ts'
export { birthOf, holderOf, tryLock } from './lock-file.ts'
