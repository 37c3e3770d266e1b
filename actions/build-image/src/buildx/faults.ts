import { classifyMessage, type Attempt } from '@alt-las/time'
import type { BuildError } from './build-log.ts'

const stepFailed = /did not complete successfully/

/** Whether another try can help: the network failed, also where a step's own output says so. */
export function isTransientError(error: BuildError): boolean {
  return classifyError(error).isTransient
}

/** How a failed build is to be tried again, with the pause that a registry asked for. */
export function classifyError(error: BuildError): Attempt {
  return classifyMessage(stepFailed.test(error.message) ? (error.step?.tail ?? '') : error.message)
}

/** Whether the build itself was sound and only its cache could not be read or written, of whatever type the cache is. */
export function isCacheFault(error: BuildError): boolean {
  if (isStepFailure(error)) return false
  // BuildKit's own steps: `importing cache manifest from …`, `exporting to GitHub Actions Cache`, `exporting cache to client directory`.
  const isCacheStep =
    error.step?.stage === null &&
    /^(?:importing|exporting|preparing|writing|sending)\b[^[]*\bcache\b/i.test(error.step.name)
  return (
    isCacheStep ||
    /\bcache (?:ex|im)port|\b(?:ex|im)port(?:ing)? cache\b|\bfailed to (?:reserve|save|restore|load) cache\b/i.test(
      error.message,
    )
  )
}

/**
 * Whether a cache can be the reason though its kind has words of its own: no instruction failed, and another try will not help. The build
 * without the cache shows it.
 */
export function mayBeCacheFault(error: BuildError, isLastTry: boolean): boolean {
  // `[app 2/3] RUN …`, `[internal] load metadata for …`
  const isPlaced = error.line !== null || error.step?.name.startsWith('[') === true
  return !isPlaced && !isStepFailure(error) && (isLastTry || !isTransientError(error))
}

/** Whether a step of the Dockerfile ran and ended with a code other than 0. */
export function isStepFailure(error: BuildError): boolean {
  return stepFailed.test(error.message)
}
