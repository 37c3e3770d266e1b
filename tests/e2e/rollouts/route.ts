import type { Stack } from '../stack.ts'

/** What an HTTPRoute gives to the canary of its service, as the API server has it now. */
export async function canaryWeight(
  stack: Stack,
  { namespace, name }: { readonly namespace: string; readonly name: string },
): Promise<number> {
  const { spec } = await stack.get<Route>('httproute', name, '--namespace', namespace)
  const refs = spec.rules.flatMap((rule) => rule.backendRefs ?? [])
  return refs.find((ref) => ref.name === `${name}-canary`)?.weight ?? 0
}

interface Route {
  readonly spec: {
    readonly rules: readonly {
      readonly backendRefs?: readonly { readonly name: string; readonly weight?: number }[]
    }[]
  }
}
