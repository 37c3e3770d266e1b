import type { ConfigMap } from '@alt-las/kubernetes'
import { findSecrets, isPlainSecret } from '@alt-las/secrets'
import { no, yes, type CheckFinding } from '../../check.ts'

/** No ConfigMap holds a secret: everyone who may look at the namespace can read them. A finding names the place, never the value. */
export function judgeMaps(maps: readonly ConfigMap[]): CheckFinding {
  const places = maps.flatMap(({ metadata, data = {} }) =>
    Object.entries(data).flatMap(([key, value]) =>
      secretsIn(key, value).map((place) => `${metadata.name}/${place}`),
    ),
  )
  if (places.length === 0) return yes(`${maps.length} ConfigMaps hold nothing that looks like a secret`)
  const shown = places.slice(0, 5).join(', ') + (places.length > 5 ? ` and ${places.length - 5} more` : '')
  return {
    ...no(`looks like a secret: ${shown}`),
    remedy: 'move it into a Secret, and replace the value: it has been readable',
  }
}

function secretsIn(key: string, value: string): readonly string[] {
  const because = value.trimEnd().includes('\n') ? null : isPlainSecret(key, value.trim())
  if (because !== null) return [`${key} (${because})`]
  return findSecrets(value).map(({ line, because }) => `${key} line ${line} (${because})`)
}
