import { Failure } from '@alt-las/failure'
import type { At } from '../types/cluster.ts'
import type { KubeObject } from '../types/objects.ts'

export interface Resource {
  readonly kind: string
  /** Lower-case plural, as in the path. */
  readonly name: string
  readonly namespaced: boolean
}

export const groupPath = (apiVersion: string): string =>
  apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`

/** The kinds of one group version, from the server's APIResourceList; subresources are left out. */
export function parseResources(text: string): readonly Resource[] {
  const { resources = [] } = JSON.parse(text) as { resources?: readonly Resource[] }
  return resources.filter(({ name }) => !name.includes('/'))
}

/** The path of one object, or of a list where `name` is left out; without a namespace a list is of all of them. */
export function pathOf(at: At, resource: Resource): string {
  if (resource.namespaced && at.name !== undefined && at.namespace === undefined) {
    throw new Failure('invalid', `${at.kind} ${at.name} has no namespace`, { fault: 'ours' })
  }
  const place =
    resource.namespaced && at.namespace !== undefined ? `/namespaces/${encodeURIComponent(at.namespace)}` : ''
  const name = at.name === undefined ? '' : `/${encodeURIComponent(at.name)}`
  return `${groupPath(at.apiVersion)}${place}/${resource.name}${name}`
}

export function query(values: Readonly<Record<string, string | number | boolean | undefined>>): string {
  const set = Object.entries(values).filter(([, value]) => value !== undefined && value !== '')
  const text = new URLSearchParams(
    Object.fromEntries(set.map(([key, value]) => [key, String(value)])),
  ).toString()
  return text === '' ? '' : `?${text}`
}

/** `HTTPRoute ns/api`, for messages. */
export function describeAt({ kind, namespace, name, labelSelector }: At): string {
  const place = [namespace, name].filter((part) => part !== undefined).join('/')
  return [kind, place, labelSelector].filter((part) => part !== undefined && part !== '').join(' ')
}

/** The address of an object, for `get`. */
export function atOf({ apiVersion, kind, metadata }: KubeObject): At {
  const { name, namespace } = metadata
  return { apiVersion, kind, name, ...(namespace === undefined ? {} : { namespace }) }
}

/** The field selector of a list or watch; a name becomes part of it. */
export function onlyName({ name, fieldSelector }: At): string | undefined {
  if (name === undefined) return fieldSelector
  return [fieldSelector, `metadata.name=${name}`].filter((one) => one !== undefined).join(',')
}

/** The place of a list. */
export function listAt(at: At): At {
  return Object.fromEntries(Object.entries(at).filter(([key]) => key !== 'name')) as unknown as At
}
