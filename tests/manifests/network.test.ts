import { describe, expect, test } from '@jest/globals'
import { type Manifest, one, podsOf, production } from './read.ts'

interface Selector {
  readonly matchLabels?: Readonly<Record<string, string>>
  readonly matchExpressions?: readonly { readonly key: string; readonly values: readonly string[] }[]
}

interface Peer {
  readonly podSelector?: Selector
  readonly namespaceSelector?: Selector
}

interface Rule {
  readonly from?: readonly Peer[]
  readonly to?: readonly Peer[]
  readonly ports?: readonly { readonly port: number | string }[]
}

interface Policy {
  readonly podSelector: Selector
  readonly policyTypes: readonly string[]
  readonly ingress?: readonly Rule[]
  readonly egress?: readonly Rule[]
}

const policies = production
  .filter(({ kind }) => kind === 'NetworkPolicy')
  .map(({ spec }) => spec as unknown as Policy)

const shown = ({ matchLabels = {}, matchExpressions = [] }: Selector): string =>
  [...Object.values(matchLabels), ...matchExpressions.map(({ values }) => values.join('|'))].join(' ') ||
  'every pod'

const shownPeer = ({ podSelector, namespaceSelector }: Peer): string =>
  [namespaceSelector, podSelector].flatMap((part) => (part === undefined ? [] : [shown(part)])).join('/')

/** One line for each flow that a policy allows. */
const flows = policies.flatMap(({ podSelector, ingress = [], egress = [] }) => {
  const lines = (rules: readonly Rule[], verb: string) =>
    rules.flatMap(({ from, to, ports = [] }) =>
      (from ?? to ?? [{}]).map((peer) => {
        const numbers = [...new Set(ports.map(({ port }) => port))].join(',')
        return `${shown(podSelector)} ${verb} ${shownPeer(peer) || 'anywhere'}:${numbers || 'any port'}`
      }),
    )
  return [...lines(ingress, 'from'), ...lines(egress, 'to')]
})

const clients = 'archive-service|postgres-backup|postgres-restore'

describe('the network policies of production', () => {
  test('deny everything to every pod that has no other policy', () => {
    expect(one(production, 'NetworkPolicy', 'deny-all').spec).toEqual({
      podSelector: {},
      policyTypes: ['Ingress', 'Egress'],
    })
  })

  test('allow these flows, and no other', () => {
    expect(flows.sort()).toEqual(
      [
        'every pod to kube-system:53,1053',
        'alt-las-guard to anywhere:443,6443',
        'service from traefik-system/traefik:http',
        'service from prometheus:http',
        'service from kube-system:http',
        'api-gateway|ai-orchestrator to traefik-system/traefik:8081',
        `${clients} to postgres:5432`,
        `postgres from ${clients}:postgres`,
        'prometheus from kube-system:http',
        'prometheus to service:8080',
        'prometheus to traefik-system/traefik:9100',
      ].sort(),
    )
  })

  test('name only pods that exist: a misspelt label would deny or allow silently', () => {
    const values = new Set(podsOf(production).flatMap(({ labels }) => Object.values(labels)))
    const named = policies.flatMap(({ podSelector, ingress = [], egress = [] }) => [
      podSelector,
      ...[...ingress, ...egress].flatMap(({ from, to }) =>
        [...(from ?? []), ...(to ?? [])].flatMap((peer) =>
          peer.namespaceSelector === undefined ? [peer.podSelector ?? {}] : [],
        ),
      ),
    ])
    const asked = named.flatMap(({ matchLabels = {}, matchExpressions = [] }) => [
      ...Object.values(matchLabels),
      ...matchExpressions.flatMap((expression) => expression.values),
    ])
    // The dead-man's switch of a rollout is no manifest.
    expect(asked.filter((value) => !values.has(value) && value !== 'alt-las-guard')).toEqual([])
  })

  test('state their direction: a policy without it would open the other one', () => {
    for (const { policyTypes, ingress, egress } of policies.filter(
      ({ policyTypes }) => policyTypes.length === 1,
    ))
      expect(policyTypes).toEqual(
        ingress === undefined ? ['Egress'] : egress === undefined ? ['Ingress'] : [],
      )
  })
})

describe('the gateway of production', () => {
  const gateway: Manifest = one(production, 'Gateway', 'atlas')

  test('ends TLS with the certificate of the platform, and takes routes of its own namespace only', () => {
    const listeners = gateway.spec?.['listeners'] as readonly object[]
    expect(listeners).toHaveLength(3)
    for (const listener of listeners)
      expect(listener).toMatchObject({ allowedRoutes: { namespaces: { from: 'Same' } } })
    expect(listeners[1]).toMatchObject({
      protocol: 'HTTPS',
      tls: { mode: 'Terminate', certificateRefs: [{ name: 'atlas-tls' }] },
    })
  })

  test('sends plain HTTP on to https', () => {
    expect(one(production, 'HTTPRoute', 'redirect-to-https').spec).toMatchObject({
      parentRefs: [{ name: 'atlas', sectionName: 'http' }],
      rules: [{ filters: [{ type: 'RequestRedirect', requestRedirect: { scheme: 'https' } }] }],
    })
  })
})
