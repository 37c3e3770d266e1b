import type { KubeObject } from '@alt-las/kubernetes'
import { isFields, type Fields } from '../values/frozen.ts'

/** Fills in what the API server and the usual CustomResourceDefinitions would, for the kinds that are used here. */
export function serverDefaults(object: KubeObject): KubeObject {
  const complete = byKind[object.kind]
  if (object.kind === 'Secret') return { type: 'Opaque', ...object } as KubeObject
  if (object.kind === 'Lease') return { spec: {}, ...object } as KubeObject
  const { spec } = object as { readonly spec?: unknown }
  if (complete === undefined || !isFields(spec)) return object
  const { status = object.kind === 'Service' ? { loadBalancer: {} } : undefined } = object as {
    readonly status?: unknown
  }
  return { ...object, spec: complete(spec, object), status } as KubeObject
}

type Complete = (spec: Fields, object: KubeObject) => Fields

const byKind: Readonly<Record<string, Complete>> = {
  Deployment: (spec) => {
    const rolling = { maxSurge: '25%', maxUnavailable: '25%' }
    const { type = 'RollingUpdate', rollingUpdate = {} } = fieldsOf(spec['strategy'])
    const strategy =
      type === 'Recreate' ? { type } : { type, rollingUpdate: { ...rolling, ...fieldsOf(rollingUpdate) } }
    const own = { replicas: 1, revisionHistoryLimit: 10, progressDeadlineSeconds: 600 }
    return { ...own, ...spec, strategy, template: podTemplate(spec['template'], {}) }
  },
  StatefulSet: (spec) => {
    const own = {
      replicas: 1,
      revisionHistoryLimit: 10,
      podManagementPolicy: 'OrderedReady',
      persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Retain', whenScaled: 'Retain' },
    }
    const { type = 'RollingUpdate', rollingUpdate } = fieldsOf(spec['updateStrategy'])
    const updateStrategy =
      type === 'OnDelete' ? { type } : { type, rollingUpdate: { partition: 0, ...fieldsOf(rollingUpdate) } }
    return { ...own, ...spec, updateStrategy, template: podTemplate(spec['template'], {}) }
  },
  DaemonSet: (spec) => {
    const updateStrategy = { type: 'RollingUpdate', rollingUpdate: { maxSurge: 0, maxUnavailable: 1 } }
    return { revisionHistoryLimit: 10, updateStrategy, ...spec, template: podTemplate(spec['template'], {}) }
  },
  Job: (spec, { metadata }) => {
    const own = {
      parallelism: 1,
      completions: 1,
      backoffLimit: 6,
      completionMode: 'NonIndexed',
      suspend: false,
      manualSelector: false,
      podReplacementPolicy: 'TerminatingOrFailed',
    }
    const uid = metadata.uid ?? ''
    const labels = {
      'batch.kubernetes.io/controller-uid': uid,
      'batch.kubernetes.io/job-name': metadata.name,
      'controller-uid': uid,
      'job-name': metadata.name,
    }
    const selector = { matchLabels: { 'batch.kubernetes.io/controller-uid': uid } }
    return { ...own, selector, ...spec, template: podTemplate(spec['template'], labels) }
  },
  Service: (spec, { metadata }) => {
    if (spec['type'] === 'ExternalName') return { sessionAffinity: 'None', ...spec }
    const address = addressOf(metadata.name)
    const own = {
      type: 'ClusterIP',
      clusterIP: address,
      clusterIPs: [spec['clusterIP'] ?? address],
      sessionAffinity: 'None',
      internalTrafficPolicy: 'Cluster',
      ipFamilies: ['IPv4'],
      ipFamilyPolicy: 'SingleStack',
    }
    const ports = listOf(spec['ports']).map((port) => ({
      protocol: 'TCP',
      targetPort: port['port'],
      ...port,
    }))
    return { ...own, ...spec, ports }
  },
  HTTPRoute: (spec) => {
    const parent = { group: 'gateway.networking.k8s.io', kind: 'Gateway' }
    const backend = { group: '', kind: 'Service', weight: 1 }
    const matches = [{ path: { type: 'PathPrefix', value: '/' } }]
    const rules = listOf(spec['rules'] ?? [{ matches }]).map((rule) => ({
      matches,
      ...rule,
      ...(rule['backendRefs'] === undefined
        ? {}
        : { backendRefs: listOf(rule['backendRefs']).map((one) => ({ ...backend, ...one })) }),
    }))
    const parents = listOf(spec['parentRefs']).map((one) => ({ ...parent, ...one }))
    return { ...spec, ...(spec['parentRefs'] === undefined ? {} : { parentRefs: parents }), rules }
  },
}

const fieldsOf = (value: unknown): Fields => (isFields(value) ? value : {})
const listOf = (value: unknown): readonly Fields[] => (Array.isArray(value) ? value.filter(isFields) : [])

function podTemplate(template: unknown, labels: Fields): Fields {
  const { metadata, spec, ...rest } = fieldsOf(template)
  const { containers, initContainers, ...pod } = fieldsOf(spec)
  const own = {
    restartPolicy: 'Always',
    terminationGracePeriodSeconds: 30,
    dnsPolicy: 'ClusterFirst',
    securityContext: {},
    schedulerName: 'default-scheduler',
  }
  const named = { ...fieldsOf(metadata), labels: { ...fieldsOf(fieldsOf(metadata)['labels']), ...labels } }
  return {
    ...rest,
    metadata: named,
    spec: {
      ...own,
      ...pod,
      containers: listOf(containers).map(container),
      ...(initContainers === undefined ? {} : { initContainers: listOf(initContainers).map(container) }),
    },
  }
}

function container(one: Fields): Fields {
  const image = typeof one['image'] === 'string' ? one['image'] : ''
  const isLatest = !/:[^/]+$/.test(image) || image.endsWith(':latest')
  const own = {
    imagePullPolicy: isLatest ? 'Always' : 'IfNotPresent',
    terminationMessagePath: '/dev/termination-log',
    terminationMessagePolicy: 'File',
    resources: {},
  }
  const probes = ['livenessProbe', 'readinessProbe', 'startupProbe'].filter((name) => one[name] !== undefined)
  const ports = listOf(one['ports']).map((port) => ({ protocol: 'TCP', ...port }))
  return {
    ...own,
    ...one,
    ...(one['ports'] === undefined ? {} : { ports }),
    ...Object.fromEntries(probes.map((name) => [name, probe(fieldsOf(one[name]))])),
  }
}

function probe(one: Fields): Fields {
  const own = { timeoutSeconds: 1, periodSeconds: 10, successThreshold: 1, failureThreshold: 3 }
  const get =
    one['httpGet'] === undefined
      ? {}
      : { httpGet: { path: '/', scheme: 'HTTP', ...fieldsOf(one['httpGet']) } }
  return { ...own, ...one, ...get }
}

/** One that follows from the name, so that two histories give the same. */
function addressOf(name: string): string {
  let hash = 7
  for (const char of name) hash = (Math.imul(hash, 31) + (char.codePointAt(0) ?? 0)) >>> 0
  return `10.96.${1 + ((hash >>> 8) % 250)}.${1 + (hash % 250)}`
}
