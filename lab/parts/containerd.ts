import { mkdirSync, writeFileSync } from 'node:fs'
import { addresses, mirroredHosts, registryEndpoint } from '../addresses.ts'
import { at, laboratoryCa, type Lab } from '../base/lab.ts'
import { daemonPart } from '../base/part.ts'
import { run } from '../base/run.ts'
import { platformImages } from '../versions.ts'

/** The container runtime. Images keep their real names; the hosts of those names lead to the lab's registry. */
export const containerd = daemonPart({
  name: 'containerd',
  prepare: (lab) => {
    for (const host of mirroredHosts) {
      mkdirSync(at(lab, 'certs.d', host), { recursive: true })
      writeFileSync(at(lab, 'certs.d', host, 'hosts.toml'), hostsFile(lab))
    }
    mkdirSync(at(lab, 'cni'), { recursive: true })
    writeFileSync(at(lab, 'cni', '10-lab.conflist'), JSON.stringify(podNetwork(lab), null, 2))
    writeFileSync(at(lab, 'containerd.toml'), configFile(lab))
    return Promise.resolve()
  },
  daemon: (lab) => ({ command: 'containerd', args: ['--config', at(lab, 'containerd.toml')] }),
  isReady: async (lab) => (await ctr(lab, ['version'])).code === 0,
  patience: 30,
})

/** The runtime's own client, on this lab's socket and the cluster's namespace. */
export const ctr = (lab: Lab, args: readonly string[]): ReturnType<typeof run> =>
  run('ctr', ['-a', at(lab, 'containerd.sock'), '-n', 'k8s.io', ...args])

const hostsFile = (lab: Lab): string => `server = "https://${registryEndpoint}"
ca = "${laboratoryCa(lab)}"
[host."https://${registryEndpoint}"]
  capabilities = ["pull", "resolve"]
  ca = "${laboratoryCa(lab)}"
`

const podNetwork = (lab: Lab): unknown => ({
  cniVersion: '1.0.0',
  name: 'lab',
  plugins: [
    {
      type: 'bridge',
      bridge: addresses.podBridge,
      isGateway: true,
      ipMasq: false,
      hairpinMode: true,
      ipam: {
        type: 'host-local',
        dataDir: at(lab, 'cni', 'ipam'),
        ranges: [[{ subnet: addresses.podRange }]],
        routes: [{ dst: '0.0.0.0/0' }],
      },
    },
    { type: 'portmap', capabilities: { portMappings: true } },
  ],
})

// restrict_oom_score_adj: works without CAP_SYS_RESOURCE. enable_unprivileged_ports: the gateway listens on 80 and 443 as a plain user.
const configFile = (lab: Lab): string => `version = 2
root = "${at(lab, 'containerd', 'root')}"
state = "${at(lab, 'containerd', 'state')}"
disabled_plugins = [
  "io.containerd.snapshotter.v1.aufs", "io.containerd.snapshotter.v1.btrfs", "io.containerd.snapshotter.v1.devmapper",
  "io.containerd.snapshotter.v1.zfs", "io.containerd.internal.v1.opt", "io.containerd.tracing.processor.v1.otlp",
]
[grpc]
  address = "${at(lab, 'containerd.sock')}"
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "${platformImages.pause}"
  disable_apparmor = true
  netns_mounts_under_state_dir = true
  restrict_oom_score_adj = true
  enable_unprivileged_ports = true
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "/usr/lib/cni"
    conf_dir = "${at(lab, 'cni')}"
  [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
    runtime_type = "io.containerd.runc.v2"
  [plugins."io.containerd.grpc.v1.cri".registry]
    config_path = "${at(lab, 'certs.d')}"
`
