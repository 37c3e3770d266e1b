import { isTransientMessage } from '@alt-las/time'
import type { BuildError } from './build-log.ts'

const stepFailed = /did not complete successfully/

/** Whether another try can help: the network's fault, never a step that failed by its own doing. */
export function isTransientError(error: BuildError): boolean {
  return isTransientMessage(stepFailed.test(error.message) ? (error.step?.tail ?? '') : error.message)
}

/** Whether the build itself was sound and only its cache could not be read or written. */
export function isCacheFault(error: BuildError): boolean {
  const step = error.step?.name ?? ''
  return (
    /^(?:importing|exporting|preparing build) cache\b/.test(step) ||
    /cache (?:export|import)|(?:export|import)(?:ing)? cache|cache (?:exporter|importer)/i.test(error.message)
  )
}

/** Whether a step of the Dockerfile ran and ended with a code other than 0. */
export function isStepFailure(error: BuildError): boolean {
  return stepFailed.test(error.message)
}
