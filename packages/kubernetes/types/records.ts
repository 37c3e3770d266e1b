import type { KubeObject } from './objects.ts'
import type { Condition } from './pods.ts'
import type { LabelSelector } from './workloads.ts'

export interface ConfigMap extends KubeObject {
  readonly data?: Readonly<Record<string, string>>
  /** Base64. */
  readonly binaryData?: Readonly<Record<string, string>>
  readonly immutable?: boolean
}

export interface Secret extends KubeObject {
  readonly type?: string
  /** Base64. */
  readonly data?: Readonly<Record<string, string>>
  /** Only in manifests: the API server turns it into `data`. */
  readonly stringData?: Readonly<Record<string, string>>
  readonly immutable?: boolean
}

export interface Lease extends KubeObject {
  readonly spec?: {
    readonly holderIdentity?: string
    readonly leaseDurationSeconds?: number
    /** MicroTime: `2026-01-01T00:00:00.000000Z`. */
    readonly acquireTime?: string
    readonly renewTime?: string
    readonly leaseTransitions?: number
  }
}

/** `v1` Event; new reporters fill `eventTime` and `series`, old ones `lastTimestamp` and `count`. */
export interface Event extends KubeObject {
  readonly type?: 'Normal' | 'Warning'
  readonly reason?: string
  readonly message?: string
  readonly count?: number
  readonly firstTimestamp?: string | null
  readonly lastTimestamp?: string | null
  readonly eventTime?: string | null
  readonly series?: { readonly count?: number; readonly lastObservedTime?: string }
  readonly involvedObject: {
    readonly kind?: string
    readonly namespace?: string
    readonly name?: string
    readonly uid?: string
    readonly fieldPath?: string
  }
}

/** Last occurrence of an event, ISO 8601; '' = unknown. */
export const timeOfEvent = ({ series, lastTimestamp, eventTime, metadata }: Event): string =>
  series?.lastObservedTime ?? lastTimestamp ?? eventTime ?? metadata.creationTimestamp ?? ''

/** `policy/v1` */
export interface PodDisruptionBudget extends KubeObject {
  readonly spec?: { readonly selector?: LabelSelector }
  readonly status?: {
    readonly currentHealthy: number
    readonly desiredHealthy: number
    readonly disruptionsAllowed: number
    readonly expectedPods: number
    readonly conditions?: readonly Condition[]
  }
}
