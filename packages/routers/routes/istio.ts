import type { KubeObject } from '@alt-las/kubernetes'
import { istioAudience } from '../audience/istio-audience.ts'
import type { RouteKind } from './route-kind.ts'
import type { BackendKind } from '../weights/weigher.ts'
import { wholePercent } from '../weights/whole-percent.ts'

/** A destination of a VirtualService's HTTP route; header operations are copied as they are. */
interface HTTPRouteDestination {
  readonly destination: {
    readonly host: string
    readonly subset?: string
    readonly port?: { readonly number?: number }
  }
  readonly weight?: number
}

interface VirtualService extends KubeObject {
  readonly spec: {
    readonly http?: readonly { readonly name?: string; readonly route?: readonly HTTPRouteDestination[] }[]
  }
  readonly status?: {
    /** An int64: on the wire it may be a string. */
    readonly observedGeneration?: number | string
    readonly validationMessages?: readonly { readonly level?: string; readonly documentationUrl?: string }[]
    readonly conditions?: readonly {
      readonly type: string
      readonly status: string
      readonly reason?: string
      readonly message?: string
      readonly observedGeneration?: number | string
    }[]
  }
}

/** All host names of a Service: `web`, `web.shop`, `web.shop.svc`, `web.shop.svc.cluster.local`. */
export const isHostOf = (host: string, name: string, namespace: string) =>
  host === name ||
  host === `${name}.${namespace}` ||
  host === `${name}.${namespace}.svc` ||
  host.startsWith(`${name}.${namespace}.svc.`)

const backend: BackendKind<HTTPRouteDestination> = {
  is: ({ destination }, name, { namespace }) => isHostOf(destination.host, name, namespace),
  weight: ({ weight }) => weight ?? null,
  port: ({ destination }) => destination.port?.number ?? null,
  weighed: (ref, weight) => ({ ...ref, weight }),
  forCanary: ({ destination, ...rest }, { service, canaryService }) => {
    // A subset belongs to the DestinationRule of stable's host.
    const { host, port } = destination
    const to = { host: `${canaryService}${host.slice(service.length)}` }
    return { ...rest, destination: port === undefined ? to : { ...to, port } }
  },
}

const weigher = wholePercent(backend)

/** Weights of the HTTP routes of a VirtualService: whole percents whose sum stays the same. */
export const virtualServices: RouteKind<HTTPRouteDestination> = {
  apiVersion: 'networking.istio.io/v1',
  kind: 'VirtualService',
  resource: 'virtualservices',
  field: 'http',
  rules: (object) =>
    ((object as VirtualService).spec.http ?? []).map(({ name, route = [] }, index) => ({
      names: name === undefined ? [] : [name],
      path: `/spec/http/${index}/route`,
      refs: route,
      sticky: false,
    })),
  backend,
  weigher,
  atZero: (refs, pair) => weigher.splitRefs(refs, pair, 0),
  smallest: (refs, pair) => weigher.smallest(refs, pair),
  notAccepted: (object) => notAccepted(object as VirtualService),
  accepted: 'written',
  audience: istioAudience,
}

/** istiod writes a status only with PILOT_ENABLE_STATUS; without a status there is nothing to wait for. */
function notAccepted({ metadata, status }: VirtualService): string | null {
  if (status === undefined) return null
  const { conditions = [], validationMessages = [] } = status
  const reconciled = conditions.find(({ type }) => type === 'Reconciled')
  const seen = reconciled?.observedGeneration ?? status.observedGeneration
  if (seen !== undefined && Number(seen) < (metadata.generation ?? 0))
    return `VirtualService ${metadata.name}: istiod has not observed its newest generation yet`
  if (validationMessages.some(({ level }) => level === 'ERROR'))
    return `VirtualService ${metadata.name}: istiod finds errors in it; see its status.validationMessages`
  if (reconciled !== undefined && reconciled.status !== 'True')
    return `VirtualService ${metadata.name} is not distributed yet: ${reconciled.message ?? reconciled.reason ?? 'no reason given'}`
  return null
}
