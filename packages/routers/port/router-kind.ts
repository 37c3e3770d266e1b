/**
 * How the traffic is split. `replicas` and `service` use the selector of stable's Service: the former by the share of pods, the latter,
 * for blue-green, as one switch. `none` with `rolling`.
 */
export type RouterKind = 'gateway-api' | 'traefik' | 'istio' | 'replicas' | 'service' | 'none'

/** True if the selector of stable's Service splits the traffic: its pin is then a weight, not a safeguard. */
export const splitsBySelector = ({ router }: { readonly router: RouterKind }): boolean =>
  router === 'replicas' || router === 'service'
