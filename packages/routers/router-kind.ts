/**
 * Who splits the traffic. `replicas` and `service` do it by the selector of stable's Service: the former by the share of pods, the latter,
 * for blue-green, as one switch. `none` with `rolling`.
 */
export type RouterKind = 'gateway-api' | 'traefik' | 'istio' | 'replicas' | 'service' | 'none'

/** True where the selector of stable's Service is what splits the traffic: its pin is then a weight, and no safeguard. */
export const splitsBySelector = ({ router }: { readonly router: RouterKind }): boolean =>
  router === 'replicas' || router === 'service'
