import tls from 'node:tls'
import { X509Certificate } from 'node:crypto'
import { addresses } from '../../../lab/addresses.ts'
import { askPlain } from '../cases/ask.ts'
import type { CertificateOrder } from '../environment/certificate.ts'
import type { Manifest } from '../../../lab/parts/apply.ts'
import type { Environment } from '../environment/environment.ts'
import { oldDoor } from '../environment/verify.ts'
import { own, type Defect, type Expected } from './defect.ts'

/** Nobody can use the API with it, which the API tests would report beside it. */
const securityAlone = () => ({ checks: 'security', images: '', 'api-tests': '', openapi: '' })

/** The gateway shows it some moments after the Secret has changed. */
async function shown(host: string): Promise<X509Certificate> {
  return new Promise((resolve, reject) => {
    const socket = tls.connect({
      host: addresses.gateway,
      port: 443,
      servername: host,
      rejectUnauthorized: false,
    })
    socket.once('secureConnect', () => {
      const { raw } = socket.getPeerCertificate()
      socket.destroy()
      resolve(new X509Certificate(raw))
    })
    socket.once('error', reject)
  })
}

const certificate = (
  name: string,
  order: (environment: Environment) => Partial<CertificateOrder>,
  because: RegExp,
): Defect => ({
  name,
  change: (environment) => ({ apply: [environment.certificate(order(environment))] }),
  inputs: securityAlone,
  // The environment's own certificate is for its host, by the lab, for 90 days.
  shows: async (environment) => {
    const { subjectAltName = '', issuer, validTo } = await shown(environment.host)
    const isOwn = subjectAltName.includes(environment.host) && issuer.includes('ALT_LAS Delivery lab')
    return !isOwn || Date.parse(validTo) - Date.now() < 30 * 86_400_000
  },
  found: [{ check: 'security TLS certificate', because }],
})

/** Production's own redirect is for every host: without the environment's, it answers. */
function withRules(environment: Environment, rules: readonly object[]): Manifest {
  const route = own(environment, 'HTTPRoute', 'redirect-to-https')
  return { ...route, spec: { ...(route['spec'] as object), rules } }
}

const redirect = async ({ host }: Environment) => askPlain(host, '/')

/** What a client meets before the first request is answered. */
export const doorDefects: readonly Defect[] = [
  certificate('the certificate has expired', () => ({ days: -1 }), /it expired on \d{4}-\d\d-\d\d/),
  certificate(
    'the certificate expires this week',
    () => ({ days: 5 }),
    /it expires in [45] days, on .*; expected at least 14 days/,
  ),
  certificate(
    'the certificate is for another name',
    () => ({ host: 'elsewhere.alt-las.lab' }),
    /it is for another name: .*trial\.alt-las\.lab/,
  ),
  certificate(
    'the certificate is signed by nobody',
    () => ({ authority: null }),
    /its chain is not trusted \(DEPTH_ZERO_SELF_SIGNED_CERT\)/,
  ),
  {
    name: 'plain HTTP is answered',
    change: (environment) => ({
      apply: [withRules(environment, [{ backendRefs: [{ name: 'api-gateway', port: 80 }] }])],
    }),
    shows: async (environment) => (await redirect(environment)).status === 404,
    found: [
      {
        check: 'security redirect to https',
        because: /answered 404 instead of a redirect to https/,
      },
    ],
  },
  {
    name: 'plain HTTP is sent on to plain HTTP of another port',
    change: (environment) => {
      const requestRedirect = { scheme: 'http', port: 8080, statusCode: 302 }
      return {
        apply: [withRules(environment, [{ filters: [{ type: 'RequestRedirect', requestRedirect }] }])],
      }
    },
    shows: async (environment) => (await redirect(environment)).status === 302,
    found: [
      { check: 'security redirect to https', because: /answered 302 with location "http:.*expected https:/ },
    ],
  },
  oldDoorWith(
    'the gateway speaks TLS 1.0 with old clients',
    { minVersion: 'VersionTLS10', cipherSuites: ['TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA'] },
    { check: 'security TLS version', because: /accepts a client that speaks only TLSv1/ },
  ),
  oldDoorWith(
    'the gateway speaks RC4 with old clients',
    {
      minVersion: 'VersionTLS12',
      cipherSuites: ['TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256', 'TLS_ECDHE_ECDSA_WITH_RC4_128_SHA'],
    },
    { check: 'security TLS ciphers', because: /accepts cipher suites with RC4/ },
  ),
]

function oldDoorWith(name: string, options: object, found: Expected): Defect {
  return {
    name,
    change: (environment) => ({ apply: oldDoorObjects(environment, options) }),
    inputs: ({ host }) => ({ ...securityAlone(), url: `https://${oldDoor(host)}` }),
    shows: async ({ host }) => {
      const old = oldDoor(host)
      const redirected = (await askPlain(old, '/')).status === 301
      return redirected && ((await shown(old)).subjectAltName ?? '').includes(old)
    },
    found: [found],
  }
}

/** The Gateway API has no versions of TLS: the same gateway by its own resources. */
function oldDoorObjects(environment: Environment, spec: object): readonly Manifest[] {
  const { namespace, host } = environment
  const api = 'traefik.io/v1alpha1'
  const metadata = { name: 'old-door', namespace }
  const match = `Host(\`${oldDoor(host)}\`)`
  const services = [{ name: 'api-gateway', port: 80 }]
  const secret = environment.certificate({ host: oldDoor(host) })
  const middlewares = [{ name: 'old-door' }]
  const tls = { secretName: 'old-door', options: { name: 'old-door' } }
  return [
    { ...secret, metadata },
    { apiVersion: api, kind: 'TLSOption', metadata, spec },
    {
      apiVersion: api,
      kind: 'Middleware',
      metadata,
      spec: { redirectScheme: { scheme: 'https', permanent: true } },
    },
    {
      apiVersion: api,
      kind: 'IngressRoute',
      metadata,
      spec: { entryPoints: ['websecure'], routes: [{ kind: 'Rule', match, services }], tls },
    },
    {
      apiVersion: api,
      kind: 'IngressRoute',
      metadata: { name: 'old-door-plain', namespace },
      spec: { entryPoints: ['web'], routes: [{ kind: 'Rule', match, services, middlewares }] },
    },
  ]
}
