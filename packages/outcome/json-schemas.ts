import * as z from 'zod/mini'
import { documentSchema } from './document.ts'
import { actionNames, type ActionName } from './evidence/evidence.ts'

/** The JSON schema of each action's documents, as schemas/<action>.json holds it. More fields than it names are allowed. */
export function jsonSchemas(): ReadonlyMap<ActionName, object> {
  return new Map(
    actionNames.map((name) => [
      name,
      {
        $schema: 'https://json-schema.org/draft/2020-12/schema',
        title: `Outcome document of ${name}`,
        ...z.toJSONSchema(documentSchema(name), { io: 'input', reused: 'ref' }),
      },
    ]),
  )
}
