// The GitHub runner: inputs, outputs, log, masks, summary and interruption; the only package that imports @actions/core.
export { runAction, type Action, type RunOptions, type Step } from './step/run-action.ts'
export { startDraft, type Draft, type Known } from './step/draft.ts'
export { type PeerInputs } from './inputs/peer-inputs.ts'
export { type SecretInput } from './inputs/secret-input.ts'
export { mask, type Host, type Interruption } from './step/host.ts'
export { chooseService, serviceName, wholeRelease, type ServiceHints } from './inputs/service.ts'
export { keepForPost, runPost, type Post } from './step/run-post.ts'
export { runFiles, type RunFiles } from './environment/files.ts'
export { textAt } from './environment/text-at.ts'
export { actionLog, type Log } from './log/log.ts'
export { readEnvironment, type Environment } from './environment/environment.ts'
export {
  badInputs,
  collect,
  gather,
  inputName,
  type Parsed,
  type Parser,
  type Parsers,
  type Read,
  type Rule,
} from './inputs/collect.ts'
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
} from './inputs/parsers.ts'
