import type { KubeObject } from './objects.ts'
import type { Condition } from './pods.ts'

export interface ServicePort {
  readonly name?: string
  readonly port: number
  readonly targetPort?: number | string
  readonly protocol?: string
  readonly appProtocol?: string
  readonly nodePort?: number
}

export interface Service extends KubeObject {
  readonly spec: {
    readonly type?: string
    readonly clusterIP?: string
    readonly externalName?: string
    readonly selector?: Readonly<Record<string, string>>
    readonly ports?: readonly ServicePort[]
    readonly sessionAffinity?: string
    readonly trafficDistribution?: string
    readonly internalTrafficPolicy?: string
    readonly publishNotReadyAddresses?: boolean
    readonly ipFamilies?: readonly string[]
    readonly ipFamilyPolicy?: string
  }
}

export interface EndpointSlice extends KubeObject {
  readonly addressType?: string
  readonly endpoints?: readonly {
    readonly addresses: readonly string[]
    readonly conditions?: {
      readonly ready?: boolean
      readonly serving?: boolean
      readonly terminating?: boolean
    }
    readonly targetRef?: { readonly kind?: string; readonly name?: string; readonly uid?: string }
  }[]
  readonly ports?: readonly { readonly name?: string; readonly port?: number }[]
}

export interface ParentRef {
  readonly group?: string
  readonly kind?: string
  readonly name: string
  readonly namespace?: string
  readonly sectionName?: string
  readonly port?: number
}

export interface BackendRef {
  readonly group?: string
  readonly kind?: string
  readonly name: string
  readonly namespace?: string
  readonly port?: number
  /** 0 to 1 000 000; the API server's default is 1. */
  readonly weight?: number
}

export interface HTTPRouteRule {
  readonly name?: string
  readonly matches?: readonly unknown[]
  readonly filters?: readonly unknown[]
  readonly timeouts?: Readonly<Record<string, string>>
  readonly backendRefs?: readonly BackendRef[]
}

export interface HTTPRoute extends KubeObject {
  readonly spec: {
    readonly parentRefs?: readonly ParentRef[]
    readonly hostnames?: readonly string[]
    readonly rules?: readonly HTTPRouteRule[]
  }
  readonly status?: {
    readonly parents?: readonly {
      readonly parentRef: ParentRef
      readonly controllerName?: string
      readonly conditions?: readonly Condition[]
    }[]
  }
}

export interface Gateway extends KubeObject {
  readonly spec: {
    readonly gatewayClassName: string
    readonly listeners: readonly { readonly name: string; readonly port: number; readonly protocol: string }[]
  }
  readonly status?: {
    readonly addresses?: readonly { readonly type?: string; readonly value: string }[]
    readonly conditions?: readonly Condition[]
  }
}
