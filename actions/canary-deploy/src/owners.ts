import { Failure } from '@alt-las/failure'
import type { HTTPRoute, KubeObject } from '@alt-las/kubernetes'
import { title } from './canary-objects.ts'

/** Field managers that put an object back to what their repository says, and their remedy. */
const keepers: readonly (readonly [manager: RegExp, name: string, remedy: string])[] = [
  [
    /^argocd/,
    'Argo CD',
    'let it ignore /spec/rules of this route (ignoreDifferences), or deploy by it alone',
  ],
  [
    /^(kustomize|helm)-controller$/,
    'Flux',
    'annotate the route with kustomize.toolkit.fluxcd.io/ssa: IfNotPresent, or deploy by it alone',
  ],
  [
    /^(flagger|argo-rollouts|rollouts-controller)/,
    'another progressive delivery',
    'only one of them can own the weights',
  ],
]

/** Throws Failure `weights-owned` (fault input) where another system owns the routes' rules: two that set weights fight for ever. */
export function refuseForeignOwners(routes: readonly HTTPRoute[]): void {
  for (const route of routes)
    for (const owner of ownersOfRules(route)) {
      const keeper = keepers.find(([pattern]) => pattern.test(owner))
      if (keeper === undefined) continue
      const [, name, hint] = keeper
      throw new Failure(
        'weights-owned',
        `${title(route)}: its rules belong to ${name} (field manager ${owner})`,
        {
          fault: 'input',
          hint,
        },
      )
    }
}

interface ManagedFields {
  readonly manager?: string
  readonly fieldsV1?: Readonly<Record<string, unknown>>
}

function ownersOfRules({ metadata }: KubeObject): readonly string[] {
  const entries = (metadata.managedFields ?? []) as readonly ManagedFields[]
  return entries.filter(ownsRules).map(({ manager = '' }) => manager)
}

function ownsRules({ fieldsV1 }: ManagedFields): boolean {
  const spec = fieldsV1?.['f:spec']
  return typeof spec === 'object' && spec !== null && 'f:rules' in spec
}
