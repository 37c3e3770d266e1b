import type { Condition, KubeObject } from '@alt-las/kubernetes'

/** A CustomResourceDefinition. */
export interface Definition extends KubeObject {
  readonly spec: { readonly group: string; readonly names: { readonly kind: string } }
  readonly status?: { readonly conditions?: readonly Condition[] }
}

export const isEstablished = ({ status }: Definition): boolean =>
  status?.conditions?.some(({ type, status: is }) => type === 'Established' && is === 'True') === true
