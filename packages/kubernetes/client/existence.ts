import type { Existence } from '../types/cluster.ts'
import { accepted, type Api } from './api.ts'
import { query } from './paths.ts'

/**
 * By a creation that is not stored: of an object that exists the API server says so before anything else. Needs `create`, and never
 * `get`: a deployer reads no Secret.
 */
export function existenceOver(api: Api): Existence {
  return {
    exists: async ({ apiVersion, kind, namespace, name }) => {
      const what = `ask whether the ${kind} ${namespace}/${name} exists`
      const path = (await api.path({ apiVersion, kind, namespace })) + query({ dryRun: 'All' })
      const body = { apiVersion, kind, metadata: { name, namespace } }
      const answer = await api.ask({ method: 'POST', path, body }, { what, repeatable: true })
      if (answer.status === 409) return true
      if (answer.status === 403) return null
      accepted(answer, what)
      return false
    },
  }
}
