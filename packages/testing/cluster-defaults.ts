import type { KubeObject } from '@alt-las/kubernetes'

/** Fills in what the API server would. */
export function serverDefaults(object: KubeObject): KubeObject {
  return object
}
