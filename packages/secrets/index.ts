// Recognises credentials, and keeps them out of logs, summaries and environments.
export { findSecrets, isPlainSecret, type SecretPlace } from './find-secrets.ts'
export { kubeconfigSecrets } from './kubeconfig-secrets.ts'
export { looksLikeCredential, namedLikeCredential } from './looks-like.ts'
export { looksRandom } from './looks-random.ts'
export { maskable } from './maskable.ts'
export { cutBetweenWords, redact, type RedactOptions } from './redact.ts'
