import type * as z from 'zod/mini'
import { buildImage } from './build-image.ts'
import { canaryDeploy } from './canary-deploy.ts'
import { pushImage } from './push-image.ts'
import { releaseReport } from './release-report.ts'
import { scanTrivy } from './scan-trivy.ts'
import { verify } from './verify.ts'

/** The evidence of each action: the only source of the types, the validators and schemas/*.json. */
export const evidence = {
  'build-image': buildImage,
  'scan-trivy': scanTrivy,
  'push-image': pushImage,
  'canary-deploy': canaryDeploy,
  verify,
  'release-report': releaseReport,
} as const

export type ActionName = keyof typeof evidence

export const actionNames = Object.keys(evidence) as readonly ActionName[]

/** Evidence of a step that came to a conclusion. */
export type Evidence<A extends ActionName = ActionName> = {
  [K in A]: DeepReadonly<z.infer<(typeof evidence)[K]>>
}[A]

type DeepReadonly<T> = T extends object ? { readonly [K in keyof T]: DeepReadonly<T[K]> } : T
