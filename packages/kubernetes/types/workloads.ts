import type { KubeObject, Metadata } from './objects.ts'
import type { Condition, PodSpec } from './pods.ts'

export interface LabelSelector {
  readonly matchLabels?: Readonly<Record<string, string>>
  readonly matchExpressions?: readonly {
    readonly key: string
    readonly operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist'
    readonly values?: readonly string[]
  }[]
}

export interface PodTemplate {
  readonly metadata?: Partial<Metadata>
  readonly spec: PodSpec
}

export interface Deployment extends KubeObject {
  readonly spec: {
    readonly replicas?: number
    readonly selector: LabelSelector
    readonly template: PodTemplate
    readonly progressDeadlineSeconds?: number
    readonly revisionHistoryLimit?: number
    readonly minReadySeconds?: number
    readonly paused?: boolean
    readonly strategy?: {
      readonly type?: string
      readonly rollingUpdate?: {
        readonly maxSurge?: number | string
        readonly maxUnavailable?: number | string
      }
    }
  }
  readonly status?: {
    readonly observedGeneration?: number
    readonly replicas?: number
    readonly updatedReplicas?: number
    readonly readyReplicas?: number
    readonly availableReplicas?: number
    readonly unavailableReplicas?: number
    readonly conditions?: readonly Condition[]
  }
}

export interface ReplicaSet extends KubeObject {
  readonly spec: {
    readonly replicas?: number
    readonly selector: LabelSelector
    readonly template?: PodTemplate
  }
  readonly status?: {
    readonly replicas?: number
    readonly readyReplicas?: number
    readonly availableReplicas?: number
    readonly observedGeneration?: number
    readonly conditions?: readonly Condition[]
  }
}

export interface StatefulSet extends KubeObject {
  readonly spec: {
    readonly replicas?: number
    readonly serviceName?: string
    readonly selector: LabelSelector
    readonly template: PodTemplate
    /** The API server's default is OrderedReady. */
    readonly podManagementPolicy?: string
    readonly updateStrategy?: {
      readonly type?: string
      readonly rollingUpdate?: { readonly partition?: number }
    }
  }
  readonly status?: {
    readonly observedGeneration?: number
    readonly replicas?: number
    readonly readyReplicas?: number
    readonly updatedReplicas?: number
    readonly availableReplicas?: number
    readonly currentRevision?: string
    readonly updateRevision?: string
    readonly conditions?: readonly Condition[]
  }
}

export interface DaemonSet extends KubeObject {
  readonly spec: {
    readonly selector: LabelSelector
    readonly template: PodTemplate
    readonly updateStrategy?: { readonly type?: string }
  }
  readonly status?: {
    readonly observedGeneration?: number
    readonly desiredNumberScheduled?: number
    readonly numberReady?: number
    readonly numberAvailable?: number
    readonly updatedNumberScheduled?: number
    readonly conditions?: readonly Condition[]
  }
}

export interface Job extends KubeObject {
  readonly spec: {
    readonly template: PodTemplate
    readonly backoffLimit?: number
    readonly activeDeadlineSeconds?: number
    readonly suspend?: boolean
    readonly ttlSecondsAfterFinished?: number
  }
  readonly status?: {
    readonly active?: number
    readonly succeeded?: number
    readonly failed?: number
    readonly conditions?: readonly Condition[]
  }
}

export interface HorizontalPodAutoscaler extends KubeObject {
  readonly spec: {
    readonly scaleTargetRef: { readonly apiVersion?: string; readonly kind: string; readonly name: string }
    /** The API server's default is 1. */
    readonly minReplicas?: number
    readonly maxReplicas: number
    readonly metrics?: readonly unknown[]
  }
  readonly status?: { readonly currentReplicas?: number; readonly desiredReplicas?: number }
}

/** Workloads whose readiness can be determined. */
export type Workload = Deployment | StatefulSet | DaemonSet
