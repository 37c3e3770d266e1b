import { Failure } from '@alt-las/failure'
import { type KubeObject, title } from '@alt-las/kubernetes'

/** Field managers that reset objects to their repository's state, with the remedy. */
const keepers: readonly (readonly [manager: RegExp, name: string, remedy: (field: string) => string])[] = [
  [
    /^argocd/,
    'Argo CD',
    (field) => `let it ignore /spec/${field} of this object (ignoreDifferences), or deploy with it only`,
  ],
  [
    /^(kustomize|helm)-controller$/,
    'Flux',
    () => 'annotate the object with kustomize.toolkit.fluxcd.io/ssa: IfNotPresent, or deploy with it only',
  ],
  [
    /^(flagger|argo-rollouts|rollouts-controller)/,
    'another progressive delivery',
    () => 'only one of them can own the weights',
  ],
]

/**
 * Throws Failure `weights-owned` (fault input) if another system owns the field of `spec` that splits the traffic: two owners would
 * overwrite each other for ever.
 */
export function refuseForeignOwners(objects: readonly KubeObject[], field: string): void {
  for (const object of objects) {
    for (const owner of ownersOf(object, field)) {
      const keeper = keepers.find(([pattern]) => pattern.test(owner))
      if (keeper !== undefined) throw owned(object, `field manager ${owner}`, { keeper, field })
    }
    // Flagger and similar systems create the routes and own them.
    const owner = object.metadata.ownerReferences?.find(({ kind }) => /^(Canary|Rollout)$/.test(kind))
    const keeper = keepers[2]
    if (owner !== undefined && keeper !== undefined)
      throw owned(object, `owned by ${owner.kind} ${owner.name}`, { keeper, field })
  }
}

function owned(
  object: KubeObject,
  how: string,
  { keeper, field }: { readonly keeper: (typeof keepers)[number]; readonly field: string },
): Failure {
  const [, name, remedy] = keeper
  return new Failure('weights-owned', `${title(object)}: its ${field} belong to ${name} (${how})`, {
    fault: 'input',
    hint: remedy(field),
  })
}

interface ManagedFields {
  readonly manager?: string
  readonly fieldsV1?: Readonly<Record<string, unknown>>
}

function ownersOf({ metadata }: KubeObject, field: string): readonly string[] {
  const entries = (metadata.managedFields ?? []) as readonly ManagedFields[]
  return entries.filter(({ fieldsV1 }) => owns(fieldsV1, field)).map(({ manager = '' }) => manager)
}

function owns(fields: ManagedFields['fieldsV1'], field: string): boolean {
  const spec = fields?.['f:spec']
  return typeof spec === 'object' && spec !== null && `f:${field}` in spec
}
