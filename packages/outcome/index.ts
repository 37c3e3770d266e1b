// The document that one step leaves for the next, and the report that people read.
export { toAnnotations } from './annotations.ts'
export {
  outcomeSchema,
  serviceNamePattern,
  type Outcome,
  type OutcomeDocument,
  type Subject,
  type Timing,
} from './document.ts'
export { documentAt } from './document-at.ts'
export { actionNames, type ActionName, type Evidence } from './evidence/evidence.ts'
export { asRecord, asText } from './facts.ts'
export { byTime, find, type Entry, type Found, type Unreadable } from './find.ts'
export { toMarkdown } from './markdown.ts'
export { maxDocumentBytes, parse, parseOf } from './parse.ts'
export {
  isDocumentPath,
  pushedImage,
  pushedImageAt,
  releasedImagesAt,
  type ReleasedImage,
} from './released-image.ts'
export { type Annotation, type Block, type Cell, type Report, type ReportFinding } from './report.ts'
export { write } from './write.ts'
