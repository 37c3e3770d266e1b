// What a credential looks like, and how one is kept out of logs, summaries and environments.
export { looksLikeCredential, namedLikeCredential } from './looks-like.ts'
export { maskable } from './maskable.ts'
export { redact, type RedactOptions } from './redact.ts'
