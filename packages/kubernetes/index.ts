export type * from './cluster.ts'
export type * from './objects.ts'
