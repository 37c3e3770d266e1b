import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { addresses, mirroredHosts } from '../addresses.ts'
import { at, kubeconfig, type Lab } from '../base/lab.ts'
import { statePart } from '../base/part.ts'
import { must } from '../base/run.ts'

interface Certificate {
  readonly name: string
  readonly by: 'ca' | 'front-proxy-ca' | 'lab-ca'
  readonly subject: string
  readonly names?: readonly string[]
}

const clusterNames = [
  'kubernetes',
  'kubernetes.default',
  'kubernetes.default.svc',
  'kubernetes.default.svc.cluster.local',
]
const localNames = ['DNS:localhost', 'IP:127.0.0.1', `IP:${addresses.node}`]

const certificates: readonly Certificate[] = [
  {
    name: 'apiserver',
    by: 'ca',
    subject: '/CN=kube-apiserver',
    names: [...clusterNames.map((name) => `DNS:${name}`), `IP:${addresses.apiService}`, ...localNames],
  },
  { name: 'apiserver-kubelet', by: 'ca', subject: '/O=system:masters/CN=kube-apiserver-kubelet-client' },
  { name: 'admin', by: 'ca', subject: '/O=system:masters/CN=admin' },
  { name: 'controller-manager', by: 'ca', subject: '/CN=system:kube-controller-manager' },
  { name: 'scheduler', by: 'ca', subject: '/CN=system:kube-scheduler' },
  { name: 'kube-proxy', by: 'ca', subject: '/CN=system:kube-proxy' },
  // What the workflow is given: a user with no group; what it may do is said in parts/deployer.ts.
  { name: 'deployer', by: 'ca', subject: '/CN=deployer' },
  {
    name: 'kubelet',
    by: 'ca',
    subject: `/O=system:nodes/CN=system:node:${addresses.nodeName}`,
    names: [`DNS:${addresses.nodeName}`, ...localNames],
  },
  { name: 'front-proxy', by: 'front-proxy-ca', subject: '/CN=front-proxy-client' },
  {
    name: 'registry',
    by: 'lab-ca',
    subject: '/CN=registry of the lab',
    names: [...mirroredHosts.map((host) => `DNS:${host}`), `IP:${addresses.registry}`],
  },
  {
    name: 'gateway',
    by: 'lab-ca',
    subject: `/CN=${addresses.publicHost}`,
    names: [`DNS:${addresses.publicHost}`, `DNS:${addresses.betaHost}`],
  },
]

const users = ['admin', 'controller-manager', 'scheduler', 'kube-proxy', 'kubelet', 'deployer'] as const

/** Keys and certificates of this lab, made once per life of its home. `down` takes them away. */
export const pki = statePart('certificates', async (lab) => {
  const done = at(lab, 'pki', 'done')
  if (existsSync(done)) return
  mkdirSync(at(lab, 'pki'), { recursive: true, mode: 0o700 })
  await Promise.all(['ca', 'front-proxy-ca', 'lab-ca'].map((name) => authority(lab, name)))
  await serviceAccountKey(lab)
  await Promise.all(certificates.map((certificate) => issue(lab, certificate)))
  for (const user of users) writeFileSync(kubeconfig(lab, user), kubeconfigText(lab, user), { mode: 0o600 })
  writeTrust(lab)
  writeFileSync(done, '')
})

/** The bundle that programs of the lab trust: the machine's own authorities and the lab's. */
export const trustBundle = (lab: Lab): string => at(lab, 'pki', 'trust.pem')

export const systemBundle = (lab: Lab): string =>
  lab.environment['SSL_CERT_FILE'] ?? '/etc/ssl/certs/ca-certificates.crt'

function writeTrust(lab: Lab): void {
  const own = readFileSync(at(lab, 'pki', 'lab-ca.crt'), 'utf8')
  writeFileSync(trustBundle(lab), `${readFileSync(systemBundle(lab), 'utf8')}\n${own}`)
  // skopeo wants a folder that holds nothing but authorities.
  mkdirSync(at(lab, 'pki', 'registry-trust'), { recursive: true })
  writeFileSync(at(lab, 'pki', 'registry-trust', 'ca.crt'), own)
}

async function authority(lab: Lab, name: string): Promise<void> {
  const file = at(lab, 'pki', name)
  await newKey(`${file}.key`)
  const subject = name === 'lab-ca' ? '/CN=ALT_LAS Delivery lab' : `/CN=${name}`
  const extensions = [
    '-addext',
    'basicConstraints=critical,CA:TRUE',
    '-addext',
    'keyUsage=critical,keyCertSign,cRLSign',
  ]
  await must('openssl', [
    'req',
    '-x509',
    '-new',
    '-key',
    `${file}.key`,
    '-subj',
    subject,
    '-days',
    '3650',
    '-out',
    `${file}.crt`,
    ...extensions,
  ])
}

async function issue(lab: Lab, certificate: Certificate): Promise<void> {
  const file = at(lab, 'pki', certificate.name)
  const by = at(lab, 'pki', certificate.by)
  const names = certificate.names === undefined ? [] : [`subjectAltName=${certificate.names.join(',')}`]
  writeFileSync(
    `${file}.ext`,
    ['keyUsage=digitalSignature', 'extendedKeyUsage=serverAuth,clientAuth', ...names].join('\n'),
  )
  await newKey(`${file}.key`)
  await must('openssl', [
    'req',
    '-new',
    '-key',
    `${file}.key`,
    '-subj',
    certificate.subject,
    '-out',
    `${file}.csr`,
  ])
  const signed = [
    '-CA',
    `${by}.crt`,
    '-CAkey',
    `${by}.key`,
    '-set_serial',
    serialOf(certificate.name),
    '-extfile',
    `${file}.ext`,
  ]
  await must('openssl', [
    'x509',
    '-req',
    '-in',
    `${file}.csr`,
    '-days',
    '3650',
    '-out',
    `${file}.crt`,
    ...signed,
  ])
}

/** Serial numbers differ by certificate, so that signing them at the same time needs no shared counter file. */
const serialOf = (name: string): string => String(certificates.findIndex((one) => one.name === name) + 1000)

async function newKey(file: string): Promise<void> {
  await must('openssl', [
    'genpkey',
    '-algorithm',
    'EC',
    '-pkeyopt',
    'ec_paramgen_curve:prime256v1',
    '-out',
    file,
  ])
}

async function serviceAccountKey(lab: Lab): Promise<void> {
  const file = at(lab, 'pki', 'service-accounts')
  await must('openssl', [
    'genpkey',
    '-algorithm',
    'RSA',
    '-pkeyopt',
    'rsa_keygen_bits:2048',
    '-out',
    `${file}.key`,
  ])
  await must('openssl', ['pkey', '-in', `${file}.key`, '-pubout', '-out', `${file}.pub`])
}

function kubeconfigText(lab: Lab, user: string): string {
  const encoded = (name: string): string => readFileSync(at(lab, 'pki', name)).toString('base64')
  const server = `https://${addresses.node}:${addresses.apiPort}`
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'lab', cluster: { server, 'certificate-authority-data': encoded('ca.crt') } }],
    users: [
      {
        name: user,
        user: {
          'client-certificate-data': encoded(`${user}.crt`),
          'client-key-data': encoded(`${user}.key`),
        },
      },
    ],
    contexts: [{ name: 'lab', context: { cluster: 'lab', user } }],
    'current-context': 'lab',
  }
  return `${JSON.stringify(config, null, 2)}\n`
}
