import type { KubeObject } from '@alt-las/kubernetes'

/** A CustomResourceDefinition, as far as it is read here; every field is foreign. */
export type Definition = KubeObject & {
  readonly spec?: { readonly scope?: string; readonly names?: { readonly kind?: string } }
  readonly status?: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] }
}

export const isDefinition = (object: KubeObject): object is Definition =>
  object.kind === 'CustomResourceDefinition'

/** The definition of a kind among these objects. */
export const definitionOf = (kind: string, all: readonly KubeObject[]): Definition | undefined =>
  all.filter(isDefinition).find(({ spec }) => spec?.names?.kind === kind)
