import type { KubeObject } from '@alt-las/kubernetes'
import type { Given } from '../../actions/canary-deploy/src/given.ts'
import { manifests, v2 } from '../../packages/rollout/testing/manifests.ts'
import { type Story, audience, bare, first, paused, second } from './story.ts'

const metadata = { name: 'web', namespace: 'shop' }
const apiVersion = 'traefik.io/v1alpha1'
const services = [{ name: 'web', port: 80 }]

const ingressRoute = (to: readonly object[]): KubeObject & { readonly spec: unknown } => ({
  ...{ apiVersion, kind: 'IngressRoute', metadata },
  spec: { routes: [{ match: 'PathPrefix(`/`)', kind: 'Rule', services: to }] },
})
const traefikService: KubeObject & { readonly spec: unknown } = {
  ...{ apiVersion, kind: 'TraefikService', metadata: { ...metadata, name: 'split' } },
  spec: { weighted: { services } },
}
const virtualService: KubeObject & { readonly spec: unknown } = {
  ...{ apiVersion: 'networking.istio.io/v1', kind: 'VirtualService', metadata },
  spec: { hosts: ['web'], http: [{ route: [{ destination: { host: 'web' } }] }] },
}

/** One way to split the traffic: its router, and the objects that the repository holds for it. */
interface Way {
  readonly name: string
  readonly routes: readonly KubeObject[]
  readonly more: Partial<Given>
  /** How its canary ends. */
  readonly ends: readonly End[]
}

type End = 'promoted' | 'fails' | 'dies' | 'aborted' | 'audience' | 'audience fails'

const ways: readonly Way[] = [
  {
    name: 'an IngressRoute',
    routes: [ingressRoute(services)],
    more: { router: 'traefik' },
    ends: ['promoted', 'fails', 'dies', 'audience'],
  },
  {
    name: 'a TraefikService',
    routes: [ingressRoute([{ kind: 'TraefikService', name: 'split' }]), traefikService],
    more: { router: 'traefik' },
    ends: ['promoted', 'dies', 'aborted'],
  },
  {
    name: 'a VirtualService',
    routes: [virtualService],
    more: { router: 'istio' },
    ends: ['promoted', 'fails', 'audience fails'],
  },
  {
    name: 'the share of pods',
    routes: [],
    // Of three pods no share below a quarter can be made.
    more: {
      router: 'replicas',
      steps: { pauseAtPreview: false, steps: [25, 50].map((weight) => ({ weight, holdMs: 5000 })) },
    },
    ends: ['promoted', 'fails', 'aborted'],
  },
]

/** Canaries with each router beside the Gateway API's. */
export const routerStories: readonly Story[] = ways.flatMap((way) => way.ends.map((end) => story(way, end)))

function story({ name, routes, more }: Way, end: End): Story {
  const files = [...manifests().filter(({ kind }) => kind !== 'HTTPRoute'), ...routes]
  const begun = { ...first, ...more }
  const next = { ...second, ...more }
  switch (end) {
    case 'promoted':
      return { name: `canary by ${name}`, before: [begun], inputs: next, habits: { files } }
    case 'fails': {
      const habits = { files, errors: { [v2]: 0.5 } }
      return { name: `canary by ${name} that fails`, before: [begun], inputs: next, habits }
    }
    case 'dies': {
      const behaviours = { [v2]: 'dies' } as const
      const habits = { files, behaviours }
      return { name: `canary by ${name} whose pods die`, before: [begun], inputs: next, habits }
    }
    case 'audience':
      return {
        name: `audience by ${name}`,
        before: [begun],
        inputs: { ...next, audience },
        habits: { files },
      }
    case 'audience fails': {
      const habits = { files, errors: { [v2]: 0.5 } }
      return {
        name: `audience by ${name} that fails`,
        before: [begun],
        inputs: { ...next, audience },
        habits,
      }
    }
    case 'aborted': {
      const before = [begun, { ...next, steps: paused.steps }]
      return { name: `abort by ${name}`, before, inputs: { ...bare, operation: 'abort' }, habits: { files } }
    }
  }
}
