export {
  outcomeSchema,
  parseDocument,
  type Evidence,
  type Outcome,
  type OutcomeDocument,
  type Subject,
  type Timing,
} from './outcome.ts'
export { type Annotation, type Block, type Cell, type Report } from './report.ts'
export { toMarkdown } from './markdown.ts'
export { write } from './write.ts'
