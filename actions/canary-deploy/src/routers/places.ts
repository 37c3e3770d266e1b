import type { At } from '@alt-las/kubernetes'
import type { Plan } from '../plan/plan.ts'
import { surveysOf } from './survey.ts'

/** The objects that hold the weights of the plan's router; none where stable's Service holds them, or nothing does. */
export function routePlaces({ router, namespace }: Plan): readonly At[] {
  return surveysOf(router).map(({ apiVersion, kind }) => ({ apiVersion, kind, namespace }))
}
