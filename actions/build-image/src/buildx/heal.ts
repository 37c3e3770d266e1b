import type { BuildError } from './build-log.ts'

const network =
  /\b(?:408|425|429|500|502|503|504)\b (?:Request|Too|Internal|Bad|Service|Gateway)|too many requests|connection reset|\bECONNRESET\b|\bETIMEDOUT\b|\bEAI_AGAIN\b|unexpected EOF|: EOF\b|i\/o timeout|TLS handshake timeout|timeout awaiting response headers|request canceled|temporary failure in name resolution|connection timed out|unexpected status[^\n]* 5\d\d|server misbehaving/i
const stepFailed = /did not complete successfully/

/** Whether another try can help: the network's fault, never a step that failed by its own doing. */
export function canHeal(error: BuildError): boolean {
  return network.test(stepFailed.test(error.message) ? (error.step?.tail ?? '') : error.message)
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
