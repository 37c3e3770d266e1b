import type { ConfigMap } from '@alt-las/kubernetes'

/** Entries of a state ConfigMap. */
export const textEntry = 'rollout.json'
export const signatureEntry = 'signature'

/** The saved rollout; null where none has been saved yet. */
export const textOf = ({ data }: ConfigMap): string | null => data?.[textEntry] ?? null
