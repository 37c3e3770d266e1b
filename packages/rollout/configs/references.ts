import type { Container, EnvVar, PodSpec, ProjectedSource, Volume } from '@alt-las/kubernetes'

/** A ConfigMap or Secret that a pod template names. */
export interface Reference {
  readonly kind: 'ConfigMap' | 'Secret'
  readonly name: string
}

type Rename = (reference: Reference) => string

/** The pod's configuration: environment and volumes of all its containers. Each once, in any order. */
export function referencesOf(spec: PodSpec): readonly Reference[] {
  const found = new Map<string, Reference>()
  renameReferences(spec, (reference) => {
    found.set(keyOf(reference), reference)
    return reference.name
  })
  return [...found.values()]
}

/** Secrets that the kubelet or a driver reads for the pod, such as registry credentials: not part of the version. */
export function credentialsOf({ imagePullSecrets = [], volumes = [] }: PodSpec): readonly Reference[] {
  const names = [
    ...imagePullSecrets.map(({ name }) => name),
    ...volumes.flatMap(({ csi }) => csi?.nodePublishSecretRef?.name ?? []),
  ]
  return names.map((name) => ({ kind: 'Secret', name }))
}

/** The same pod with its configuration under other names. */
export function renameReferences(spec: PodSpec, rename: Rename): PodSpec {
  const { initContainers, volumes } = spec
  return {
    ...spec,
    containers: spec.containers.map((one) => inContainer(one, rename)),
    ...(initContainers === undefined
      ? {}
      : { initContainers: initContainers.map((one) => inContainer(one, rename)) }),
    ...(volumes === undefined ? {} : { volumes: volumes.map((one) => inVolume(one, rename)) }),
  }
}

export const keyOf = ({ kind, name }: Reference): string => `${kind}/${name}`

function inContainer(container: Container, rename: Rename): Container {
  const { env, envFrom } = container
  return {
    ...container,
    ...(env === undefined ? {} : { env: env.map((one) => inVariable(one, rename)) }),
    ...(envFrom === undefined ? {} : { envFrom: envFrom.map((one) => inSource(one, rename)) }),
  }
}

function inVariable(variable: EnvVar, rename: Rename): EnvVar {
  const { valueFrom } = variable
  if (valueFrom === undefined) return variable
  const { configMapKeyRef, secretKeyRef } = valueFrom
  return {
    ...variable,
    valueFrom: {
      ...valueFrom,
      ...(configMapKeyRef === undefined
        ? {}
        : { configMapKeyRef: renamed('ConfigMap', configMapKeyRef, rename) }),
      ...(secretKeyRef === undefined ? {} : { secretKeyRef: renamed('Secret', secretKeyRef, rename) }),
    },
  }
}

type EnvSource = NonNullable<Container['envFrom']>[number]

function inSource(source: EnvSource, rename: Rename): EnvSource {
  const { configMapRef, secretRef } = source
  return {
    ...source,
    ...(configMapRef === undefined ? {} : { configMapRef: renamed('ConfigMap', configMapRef, rename) }),
    ...(secretRef === undefined ? {} : { secretRef: renamed('Secret', secretRef, rename) }),
  }
}

function inVolume(volume: Volume, rename: Rename): Volume {
  const { configMap, secret, projected } = volume
  const sources = projected?.sources?.map((one) => inProjection(one, rename))
  return {
    ...volume,
    ...(configMap === undefined ? {} : { configMap: renamed('ConfigMap', configMap, rename) }),
    ...(secret === undefined
      ? {}
      : { secret: { ...secret, secretName: rename({ kind: 'Secret', name: secret.secretName }) } }),
    ...(sources === undefined ? {} : { projected: { ...projected, sources } }),
  }
}

function inProjection(source: ProjectedSource, rename: Rename): ProjectedSource {
  const { configMap, secret } = source
  return {
    ...source,
    ...(configMap === undefined ? {} : { configMap: renamed('ConfigMap', configMap, rename) }),
    ...(secret === undefined ? {} : { secret: renamed('Secret', secret, rename) }),
  }
}

function renamed<T extends { readonly name: string }>(
  kind: Reference['kind'],
  reference: T,
  rename: Rename,
): T {
  return { ...reference, name: rename({ kind, name: reference.name }) }
}
