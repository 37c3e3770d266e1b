import assert from 'node:assert/strict'
import { seconds } from '../rollouts/world.ts'
import { withContainers } from './containers.ts'
import { expectEnd, expectNothingLeft } from './expect.ts'
import { installed, type Story } from './story.ts'
import type { Place } from './place.ts'

const ports = [{ name: 'http', port: 80, targetPort: 'http', appProtocol: 'kubernetes.io/h2c' }]
const secondProtocol = { Service: { spec: { ports } } }
const twoPorts = {
  Service: {
    spec: {
      ports: [
        { name: 'admin', port: 9000, targetPort: 8081 },
        { name: 'http', port: 80, targetPort: 'http' },
      ],
    },
  },
}

/** The canary's way is stable's way, and its metrics are looked up by what the route says. */
export const traffic: readonly Story[] = [
  {
    name: 'app-protocol',
    done: 'the Service says by appProtocol that its pods speak HTTP/2 alone',
    right: "promoted: the canary's Service says it too",
    before: (place) => h2c(place, '1'),
    play: async (place) => {
      expectEnd(await place.release(h2c(place, '2')).ended, 'promoted')
      await expectNothingLeft(place)
    },
  },
  {
    name: 'several-ports',
    done: 'the Service has two ports, and the route names the second',
    right: 'judged by the metrics of that port, promoted',
    before: (place) => place.version('1', twoPorts),
    play: async (place) => {
      expectEnd(await place.release(place.version('2', twoPorts)).ended, 'promoted')
      await expectNothingLeft(place)
    },
  },
  {
    name: 'only-404',
    done: 'the new version answers 404 to everything',
    right: 'goes back: stable answers otherwise',
    before: installed,
    losesRequests: true,
    play: async (place) => {
      const next = place.version('2').map((one) => withEnv(one, { VERSION: '2', STATUS: '404' }))
      expectEnd(await place.release(next).ended, 'rolled-back', /4xx|404|400 to 499/)
      await expectNothingLeft(place)
    },
  },
  {
    name: 'other-route',
    done: 'a route of another namespace leads to the Service as well',
    right: 'said by name: its traffic stays on stable, and the rollout ends',
    before: installed,
    play: async (place) => {
      const edge = `${place.namespace}-edge`
      await place.stack.kubectl('create', 'namespace', edge)
      await place.stack.kubectl('apply', '--filename', place.file(foreignRoute(place.namespace, edge)))
      await seconds(5)
      const ended = await place.release(place.version('2'), { 'max-duration': '3m' }).ended
      assert.match(ended.log, new RegExp(edge))
      assert.ok(['promoted', 'rolled-back'].includes(ended.outputs['verdict'] ?? ''), ended.log.slice(-3000))
      await place.stack.kubectl('delete', 'namespace', edge, '--wait=false')
    },
  },
]

function h2c(place: Place, tag: string): readonly object[] {
  const probe = { readinessProbe: { httpGet: { path: '/', port: 8081 }, periodSeconds: 1 } }
  return place
    .version(tag, secondProtocol)
    .map((one) => withEnv(one, { VERSION: tag, PROTOCOL: 'h2c' }, probe))
}

function withEnv(object: object, env: Readonly<Record<string, string>>, more: object = {}): object {
  const list = Object.entries(env).map(([name, value]) => ({ name, value }))
  return withContainers(object, (containers) => containers.map((one) => ({ ...one, env: list, ...more })))
}

const api = 'gateway.networking.k8s.io'

const foreignRoute = (namespace: string, edge: string) => [
  {
    apiVersion: `${api}/v1beta1`,
    kind: 'ReferenceGrant',
    metadata: { name: 'edge', namespace },
    spec: {
      from: [{ group: api, kind: 'HTTPRoute', namespace: edge }],
      to: [{ group: '', kind: 'Service', name: 'web' }],
    },
  },
  {
    apiVersion: `${api}/v1`,
    kind: 'Gateway',
    metadata: { name: 'edge', namespace: edge },
    spec: {
      gatewayClassName: 'traefik',
      listeners: [{ name: 'http', protocol: 'HTTP', port: 80, hostname: `${edge}.lab` }],
    },
  },
  {
    apiVersion: `${api}/v1`,
    kind: 'HTTPRoute',
    metadata: { name: 'edge', namespace: edge },
    spec: {
      parentRefs: [{ name: 'edge' }],
      hostnames: [`${edge}.lab`],
      rules: [{ backendRefs: [{ name: 'web', namespace, port: 80 }] }],
    },
  },
]
