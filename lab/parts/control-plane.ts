import { fetchAll, systemHttp } from '@alt-las/http'
import { addresses } from '../addresses.ts'
import { at, kubeconfig, tool, type Lab } from '../base/lab.ts'
import { daemonPart, type DaemonPart, type Part } from '../base/part.ts'
import { must, run } from '../base/run.ts'

const file = (lab: Lab, name: string): string => at(lab, 'pki', name)

/** One component of the `hyperkube` binary, with its flags as a record. */
function component(
  name: string,
  part: { readonly flags: (lab: Lab) => Readonly<Record<string, string>> } & Pick<
    DaemonPart,
    'isReady' | 'prepare' | 'patience'
  >,
): Part {
  return daemonPart({
    ...part,
    name,
    daemon: (lab) => ({
      command: tool(lab, 'hyperkube'),
      args: [name, ...Object.entries(part.flags(lab)).map(([flag, value]) => `--${flag}=${value}`)],
    }),
  })
}

/** The API server's client of people, with the rights of an administrator. Throws when the server says no. */
export const kubectl = (lab: Lab, args: readonly string[], input?: string): Promise<string> =>
  must(
    tool(lab, 'kubectl'),
    ['--kubeconfig', kubeconfig(lab, 'admin'), ...args],
    input === undefined ? {} : { input },
  )

export const kubectlSays = async (lab: Lab, args: readonly string[], expected: string): Promise<boolean> => {
  const answer = await run(tool(lab, 'kubectl'), ['--kubeconfig', kubeconfig(lab, 'admin'), ...args])
  return answer.code === 0 && answer.stdout.trim() === expected
}

export const healthy = async (url: string): Promise<boolean> => {
  try {
    const request = { method: 'GET', url: new URL(url) }
    return (await fetchAll(systemHttp({}), request, { deadlineMs: 2000, fresh: true })).status === 200
  } catch {
    return false
  }
}

export const etcd = component('etcd', {
  flags: (lab) => ({
    name: 'lab',
    'data-dir': at(lab, 'etcd'),
    // The lab's data are made again by a release: speed goes before surviving a power cut.
    'unsafe-no-fsync': 'true',
    'log-level': 'warn',
    'listen-client-urls': 'http://127.0.0.1:2379',
    'advertise-client-urls': 'http://127.0.0.1:2379',
    'listen-peer-urls': 'http://127.0.0.1:2380',
    'initial-advertise-peer-urls': 'http://127.0.0.1:2380',
    'initial-cluster': 'lab=http://127.0.0.1:2380',
  }),
  isReady: () => healthy('http://127.0.0.1:2379/health'),
})

export const apiServer = component('kube-apiserver', {
  flags: (lab) => ({
    'etcd-servers': 'http://127.0.0.1:2379',
    'bind-address': '0.0.0.0',
    'secure-port': String(addresses.apiPort),
    'advertise-address': addresses.node,
    'service-cluster-ip-range': addresses.serviceRange,
    'allow-privileged': 'true',
    'authorization-mode': 'Node,RBAC',
    'enable-admission-plugins': 'NodeRestriction',
    'client-ca-file': file(lab, 'ca.crt'),
    'tls-cert-file': file(lab, 'apiserver.crt'),
    'tls-private-key-file': file(lab, 'apiserver.key'),
    'kubelet-client-certificate': file(lab, 'apiserver-kubelet.crt'),
    'kubelet-client-key': file(lab, 'apiserver-kubelet.key'),
    'kubelet-certificate-authority': file(lab, 'ca.crt'),
    'kubelet-preferred-address-types': 'InternalIP',
    'service-account-issuer': 'https://kubernetes.default.svc.cluster.local',
    'service-account-key-file': file(lab, 'service-accounts.pub'),
    'service-account-signing-key-file': file(lab, 'service-accounts.key'),
    'requestheader-client-ca-file': file(lab, 'front-proxy-ca.crt'),
    'requestheader-allowed-names': 'front-proxy-client',
    'requestheader-extra-headers-prefix': 'X-Remote-Extra-',
    'requestheader-group-headers': 'X-Remote-Group',
    'requestheader-username-headers': 'X-Remote-User',
    'proxy-client-cert-file': file(lab, 'front-proxy.crt'),
    'proxy-client-key-file': file(lab, 'front-proxy.key'),
  }),
  isReady: (lab) => kubectlSays(lab, ['get', '--raw', '/readyz'], 'ok'),
  patience: 90,
})

const internal = (lab: Lab, user: string): Readonly<Record<string, string>> => ({
  kubeconfig: kubeconfig(lab, user),
  'authentication-kubeconfig': kubeconfig(lab, user),
  'authorization-kubeconfig': kubeconfig(lab, user),
  'leader-elect': 'false',
  'bind-address': '127.0.0.1',
})

const listens = async (port: number): Promise<boolean> =>
  (await run('ss', ['-ltnH', `sport = :${port}`])).stdout.trim() !== ''

export const controllerManager = component('kube-controller-manager', {
  flags: (lab) => ({
    ...internal(lab, 'controller-manager'),
    'service-account-private-key-file': file(lab, 'service-accounts.key'),
    'root-ca-file': file(lab, 'ca.crt'),
    'cluster-signing-cert-file': file(lab, 'ca.crt'),
    'cluster-signing-key-file': file(lab, 'ca.key'),
    'use-service-account-credentials': 'true',
    'horizontal-pod-autoscaler-sync-period': '5s',
  }),
  isReady: () => listens(10257),
})

export const scheduler = component('kube-scheduler', {
  flags: (lab) => internal(lab, 'scheduler'),
  isReady: () => listens(10259),
})

export const kubeProxy = component('kube-proxy', {
  flags: (lab) => ({
    kubeconfig: kubeconfig(lab, 'kube-proxy'),
    'proxy-mode': 'nftables',
    'cluster-cidr': addresses.podRange,
    'hostname-override': addresses.nodeName,
    'metrics-bind-address': '127.0.0.1:10249',
    'conntrack-max-per-core': '0',
    'conntrack-tcp-timeout-established': '0s',
    'conntrack-tcp-timeout-close-wait': '0s',
  }),
  isReady: () => healthy('http://127.0.0.1:10256/livez'),
})

/** Enforces NetworkPolicy: without it they are accepted and do nothing. */
export const networkPolicies = daemonPart({
  name: 'netpol',
  daemon: (lab) => ({ command: tool(lab, 'netpol'), args: ['--kubeconfig', kubeconfig(lab, 'admin')] }),
  isReady: async () => (await run('nft', ['list', 'table', 'inet', 'alt-las-netpol'])).code === 0,
})
