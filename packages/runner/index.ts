export { runAction, type Action } from './run-action.ts'
export { keepForPost, runPost, type Post } from './run-post.ts'
export { actionLog, type Log } from './log.ts'
export { readEnvironment, type Environment } from './environment.ts'
export { badInputs, collect, inputName, type Parser, type Read } from './collect.ts'
export {
  boolean,
  choice,
  choices,
  duration,
  integer,
  list,
  mapped,
  optional,
  percent,
  required,
  text,
} from './parsers.ts'
