// A service of the environment that answers one path in the place of the right one. It has no label of the release, so that verify does not
// look at its pod.
import type { Manifest } from '../../../lab/parts/apply.ts'
import type { Environment } from '../environment/environment.ts'
import { image } from '../judged/platform.ts'

export interface Lie {
  readonly path: string
  /** `Exact` matches no query and no deeper path. */
  readonly match?: 'Exact' | 'PathPrefix'
  readonly method?: string
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: unknown
  /** Milliseconds before the answer. */
  readonly delayMs?: number
  /** After so many requests every one is answered 503. */
  readonly worksFor?: number
  /** Ends the connection in the middle of the answer. */
  readonly breaksOff?: true
}

const name = 'liar'
const labels = { 'app.kubernetes.io/name': name, 'app.kubernetes.io/component': 'service' }

const program = `
const { status = 200, headers = {}, body, delayMs = 0, worksFor = Infinity, breaksOff } = JSON.parse(process.env.LIE)
const text = typeof body === 'string' ? body : JSON.stringify(body ?? {})
const type = { 'content-type': 'application/json', ...headers }
let count = 0
require('node:http').createServer((request, response) => {
  if (request.url === '/readyz') return response.end('ready')
  count += 1
  if (count > worksFor) return response.writeHead(503).end()
  setTimeout(() => {
    if (!breaksOff) return response.writeHead(status, type).end(text)
    response.writeHead(status, { ...type, 'content-length': text.length + 100 })
    response.write(text)
    setTimeout(() => response.destroy(), 50)
  }, delayMs)
}).listen(8080)
process.on('SIGTERM', () => process.exit(0))
`

/** Its Deployment, Service and route. */
export async function liar({ namespace, host, stack }: Environment, lie: Lie): Promise<readonly Manifest[]> {
  const metadata = { name, namespace }
  const container = {
    name,
    image: await image(stack),
    args: ['-e', program],
    env: [{ name: 'LIE', value: JSON.stringify(lie) }],
    ports: [{ name: 'http', containerPort: 8080 }],
    readinessProbe: { httpGet: { path: '/readyz', port: 'http' }, periodSeconds: 1 },
    resources: { requests: { cpu: '10m', memory: '32Mi' }, limits: { memory: '96Mi' } },
    securityContext: {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    },
  }
  const pod = {
    automountServiceAccountToken: false,
    securityContext: { runAsNonRoot: true, runAsUser: 65_532, seccompProfile: { type: 'RuntimeDefault' } },
    containers: [container],
  }
  const path = { type: lie.match ?? 'Exact', value: lie.path }
  const matches = [{ path, ...(lie.method !== undefined && { method: lie.method }) }]
  return [
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata,
      spec: {
        selector: { matchLabels: { 'app.kubernetes.io/name': name } },
        strategy: { type: 'Recreate' },
        template: { metadata: { labels }, spec: pod },
      },
    },
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata,
      spec: {
        selector: { 'app.kubernetes.io/name': name },
        ports: [{ name: 'http', port: 80, targetPort: 'http' }],
      },
    },
    {
      apiVersion: 'gateway.networking.k8s.io/v1',
      kind: 'HTTPRoute',
      metadata,
      spec: {
        parentRefs: [{ name: 'atlas', sectionName: 'https' }],
        hostnames: [host],
        rules: [
          {
            matches,
            filters: [
              {
                type: 'ResponseHeaderModifier',
                responseHeaderModifier: { set: [{ name: 'x-answered-by', value: name }] },
              },
            ],
            backendRefs: [{ name, port: 80 }],
          },
        ],
      },
    },
  ]
}
