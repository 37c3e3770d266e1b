import type { Stack } from '../stack.ts'
import type { RouteOf } from './target.ts'

interface Target {
  readonly stack: Stack
  readonly namespace: string
  readonly deployment: string
  /** Left out: HTTPRoute. */
  readonly route?: RouteOf
}

/** What the route of a target gives to its canary, in percent of both, as the API server has it now. */
export async function canaryWeight(target: Target): Promise<number> {
  const { deployment } = target
  const refs = (await routeRules(target)).flatMap(
    ({ backendRefs, services }) => backendRefs ?? services ?? [],
  )
  const weightOf = (name: string) => refs.find((ref) => ref.name === name)?.weight
  const canary = weightOf(`${deployment}-canary`) ?? 0
  return (100 * canary) / (canary + (weightOf(deployment) ?? 1) || 1)
}

/** The rules of the object that holds a target's weights, those of an audience among them. */
export async function routeRules({
  stack,
  namespace,
  deployment,
  route = 'HTTPRoute',
}: Target): Promise<readonly RouteRule[]> {
  const { spec } = await stack.get<Route>(route.toLowerCase(), deployment, '--namespace', namespace)
  return spec.rules ?? spec.routes ?? (spec.weighted === undefined ? [] : [spec.weighted])
}

interface RouteRule {
  readonly backendRefs?: readonly Backend[]
  readonly services?: readonly Backend[]
}

interface Backend {
  readonly name: string
  readonly weight?: number
}

interface Route {
  readonly spec: {
    readonly rules?: readonly RouteRule[]
    readonly routes?: readonly RouteRule[]
    readonly weighted?: RouteRule
  }
}
