import { stringify } from 'yaml'
import { extraImages } from '../../versions.ts'
import type { Manifest } from '../apply.ts'

/** The lab's paths. */
export interface Fit {
  /** Where the kubelet keeps the logs of pods. */
  readonly podLogs: string
  /** Where the collector keeps how far it has read. */
  readonly positions: string
}

/** Production's manifests as the lab can run them; everything that is not named here is left as it is. */
export const fitted = (manifests: readonly Manifest[], fit: Fit): readonly Manifest[] =>
  manifests.map(
    (manifest) => changes[`${manifest.kind} ${manifest.metadata.name}`]?.(manifest, fit) ?? manifest,
  )

type Change = (manifest: Manifest, fit: Fit) => Manifest

const changes: Readonly<Record<string, Change>> = {
  // Grafana is not to be had here.
  'Deployment grafana': (manifest) => ({ ...manifest, spec: { ...specOf(manifest), replicas: 0 } }),
  'StatefulSet alertmanager': (manifest) => withContainer(manifest, { image: extraImages.alertmanager }),
  'StatefulSet loki': (manifest) => withContainer(manifest, { image: extraImages.loki }),
  // Loki 1 has other settings: one label set, an index of its time, and the same certificate.
  'ConfigMap loki': (manifest) => ({ ...manifest, data: { 'loki.yaml': stringify(lokiOne) } }),
  // It also has no OTLP endpoint: the collector's own exporter of the lab takes the place of `otlp_http`.
  'ConfigMap collector': (manifest) => ({
    ...manifest,
    data: { ...(manifest['data'] as object), 'lab.yaml': stringify(pushesToLokiOne) },
  }),
  'DaemonSet collector': (manifest, { podLogs, positions }) => {
    const args = ['--config=/etc/collector/collector.yaml', '--config=/etc/collector/lab.yaml']
    const changed = withContainer(manifest, { args })
    const pod = podOf(changed)
    const paths: Readonly<Record<string, string>> = { logs: podLogs, positions }
    const volumes = (pod['volumes'] as readonly Volume[]).map((volume) => {
      const path = paths[volume.name]
      return path === undefined ? volume : { ...volume, hostPath: { ...volume.hostPath, path } }
    })
    return withPod(changed, { ...pod, volumes })
  },
}

interface Volume {
  readonly name: string
  readonly hostPath?: { readonly path: string; readonly type: string }
}

const certificate = {
  cert_file: '/etc/monitoring/tls/tls.crt',
  key_file: '/etc/monitoring/tls/tls.key',
  client_auth_type: 'RequireAndVerifyClientCert',
  client_ca_file: '/etc/monitoring/tls/ca.crt',
}

const lokiOne = {
  auth_enabled: false,
  server: {
    http_listen_port: 3100,
    grpc_listen_address: '127.0.0.1',
    log_level: 'warn',
    http_tls_config: certificate,
  },
  ingester: {
    lifecycler: { address: '127.0.0.1', ring: { kvstore: { store: 'inmemory' }, replication_factor: 1 } },
    chunk_idle_period: '15m',
    chunk_retain_period: '30s',
    max_transfer_retries: 0,
  },
  schema_config: {
    configs: [
      {
        from: '2020-10-24',
        store: 'boltdb',
        object_store: 'filesystem',
        schema: 'v11',
        index: { prefix: 'index_', period: '168h' },
      },
    ],
  },
  storage_config: { boltdb: { directory: '/loki/index' }, filesystem: { directory: '/loki/chunks' } },
  limits_config: { enforce_metric_name: false, reject_old_samples: true, reject_old_samples_max_age: '24h' },
  table_manager: { retention_deletes_enabled: true, retention_period: '336h' },
}

const pushesToLokiOne = {
  exporters: {
    lokipush: {
      endpoint: 'https://${env:LOKI}',
      tls: {
        ca_file: '/etc/monitoring/client/ca.crt',
        cert_file: '/etc/monitoring/client/tls.crt',
        key_file: '/etc/monitoring/client/tls.key',
      },
    },
  },
  service: { pipelines: { logs: { exporters: ['lokipush'] } } },
}

interface Template {
  readonly template: { readonly spec: Readonly<Record<string, unknown>> }
}

const specOf = (manifest: Manifest) => manifest['spec'] as Readonly<Record<string, unknown>> & Template
const podOf = (manifest: Manifest) => specOf(manifest).template.spec

function withPod(manifest: Manifest, pod: Readonly<Record<string, unknown>>): Manifest {
  const spec = specOf(manifest)
  return { ...manifest, spec: { ...spec, template: { ...spec.template, spec: pod } } }
}

/** Its first container with other fields. */
function withContainer(manifest: Manifest, fields: Readonly<Record<string, unknown>>): Manifest {
  const pod = podOf(manifest)
  const [first, ...others] = pod['containers'] as readonly object[]
  return withPod(manifest, { ...pod, containers: [{ ...first, ...fields }, ...others] })
}
