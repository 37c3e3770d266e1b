import { mkdirSync, writeFileSync } from 'node:fs'
import { stringify } from 'yaml'
import { addresses } from '../addresses.ts'
import { at, kubeconfig, tool, type Lab } from '../base/lab.ts'
import { daemonPart } from '../base/part.ts'
import { kubectlSays } from './control-plane.ts'

/** Runs the pods of the one node. */
export const kubelet = daemonPart({
  name: 'kubelet',
  prepare: (lab) => {
    mkdirSync(at(lab, 'kubelet'), { recursive: true })
    writeFileSync(at(lab, 'resolv.conf'), '# no name server beyond the cluster\n')
    writeFileSync(at(lab, 'kubelet.yaml'), stringify(configuration(lab)))
    return Promise.resolve()
  },
  daemon: (lab) => ({
    command: tool(lab, 'hyperkube'),
    args: [
      'kubelet',
      `--config=${at(lab, 'kubelet.yaml')}`,
      `--kubeconfig=${kubeconfig(lab, 'kubelet')}`,
      `--root-dir=${at(lab, 'kubelet')}`,
      `--cert-dir=${at(lab, 'pki')}`,
      `--hostname-override=${addresses.nodeName}`,
      `--node-ip=${addresses.node}`,
    ],
  }),
  isReady: (lab) =>
    kubectlSays(
      lab,
      ['get', 'node', addresses.nodeName, '-o', 'jsonpath={.status.conditions[?(@.type=="Ready")].status}'],
      'True',
    ),
  patience: 60,
})

// The crash-loop back-off stays at its default: a shorter one hides CrashLoopBackOff and breaks `logs --previous`.
const configuration = (lab: Lab): unknown => ({
  apiVersion: 'kubelet.config.k8s.io/v1beta1',
  kind: 'KubeletConfiguration',
  failCgroupV1: false,
  cgroupDriver: 'cgroupfs',
  containerRuntimeEndpoint: `unix://${at(lab, 'containerd.sock')}`,
  authentication: {
    anonymous: { enabled: false },
    webhook: { enabled: true },
    x509: { clientCAFile: at(lab, 'pki', 'ca.crt') },
  },
  authorization: { mode: 'Webhook' },
  tlsCertFile: at(lab, 'pki', 'kubelet.crt'),
  tlsPrivateKeyFile: at(lab, 'pki', 'kubelet.key'),
  clusterDomain: 'cluster.local',
  clusterDNS: [addresses.dns],
  resolvConf: at(lab, 'resolv.conf'),
  failSwapOn: false,
  makeIPTablesUtilChains: false,
  podLogsDir: at(lab, 'pod-logs'),
  volumePluginDir: at(lab, 'kubelet', 'volume-plugins'),
  healthzPort: 10248,
  serializeImagePulls: false,
  evictionHard: {
    'memory.available': '100Mi',
    'nodefs.available': '1%',
    'imagefs.available': '1%',
    'nodefs.inodesFree': '1%',
  },
})
