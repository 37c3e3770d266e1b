// Recognises credentials, and keeps them out of logs, summaries and environments.
export { kubeconfigSecrets } from './kubeconfig-secrets.ts'
export { looksLikeCredential, namedLikeCredential } from './looks-like.ts'
export { maskable } from './maskable.ts'
export { cutBetweenWords, redact, type RedactOptions } from './redact.ts'
