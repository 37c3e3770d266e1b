// The GitHub runner: inputs, outputs, log, masks, summary and interruption; the only package that imports @actions/core.
export { runAction, type Action, type RunOptions, type Step } from './run-action.ts'
export { startDraft, type Draft, type Known } from './draft.ts'
export { type SecretInput } from './secret-input.ts'
export { mask, type Host, type Interruption } from './host.ts'
export { chooseService, serviceName, wholeRelease, type ServiceHints } from './service.ts'
export { keepForPost, runPost, type Post } from './run-post.ts'
export { runFiles, type RunFiles } from './files.ts'
export { actionLog, type Log } from './log.ts'
export { readEnvironment, type Environment } from './environment.ts'
export {
  badInputs,
  collect,
  inputName,
  type Parsed,
  type Parser,
  type Parsers,
  type Read,
  type Rule,
} from './collect.ts'
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
