import type { Stack } from '../stack.ts'

interface Target {
  readonly stack: Stack
  readonly namespace: string
  readonly deployment: string
}

/** What the HTTPRoute of a target gives to its canary, as the API server has it now. */
export async function canaryWeight({ stack, namespace, deployment }: Target): Promise<number> {
  const { spec } = await stack.get<Route>('httproute', deployment, '--namespace', namespace)
  const refs = spec.rules.flatMap((rule) => rule.backendRefs ?? [])
  return refs.find((ref) => ref.name === `${deployment}-canary`)?.weight ?? 0
}

interface Route {
  readonly spec: {
    readonly rules: readonly {
      readonly backendRefs?: readonly { readonly name: string; readonly weight?: number }[]
    }[]
  }
}
