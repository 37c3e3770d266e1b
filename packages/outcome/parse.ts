import { Failure } from '@alt-las/failure'
import { documentSchema, outcomeSchema, type OutcomeDocument } from './document.ts'
import { actionNames, type ActionName } from './evidence/evidence.ts'
import { migrate, oldSchema } from './migrate/migrate.ts'

/** A document is a step's evidence, not a data set; a scan with 10,000 findings has some 6 MB. */
export const maxDocumentBytes = 16 * 1024 * 1024

/**
 * Reads a document, also of the previous version. Throws Failure `bad-outcome-document` (fault input) that names the problem
 * and no value of the document.
 */
export function parse(text: string, path: string): OutcomeDocument {
  if (text.length > maxDocumentBytes)
    throw bad(path, `it has ${text.length} characters, expected at most ${maxDocumentBytes}`)
  try {
    return read(JSON.parse(text), path)
  } catch (error) {
    if (error instanceof Failure) throw error
    throw bad(path, error instanceof SyntaxError ? 'it is not JSON' : 'it cannot be read')
  }
}

/** The document of one action. Throws Failure `bad-outcome-document` where it is another action's. */
export function parseOf<A extends ActionName>(action: A, text: string, path: string): OutcomeDocument<A> {
  const document = parse(text, path)
  if (document.action !== action) throw bad(path, `it was written by ${document.action}, expected ${action}`)
  return document as OutcomeDocument<A>
}

function read(value: unknown, path: string): OutcomeDocument {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw bad(path, 'it is not an object')
  const { schema, action } = value as { readonly schema?: unknown; readonly action?: unknown }
  if (schema !== outcomeSchema && schema !== oldSchema)
    throw bad(path, `its schema is ${quoted(schema)}, expected ${outcomeSchema}`)
  const name = actionNames.find((one) => one === action)
  if (name === undefined)
    throw bad(path, `its action is ${quoted(action)}, expected one of ${actionNames.join(', ')}`)
  const current = schema === oldSchema ? migrate(name, value, path) : value
  const result = documentSchema(name).safeParse(current)
  if (!result.success) throw bad(path, problems(result.error.issues))
  return result.data as unknown as OutcomeDocument
}

interface Issue {
  readonly code: string
  readonly path: readonly PropertyKey[]
  readonly expected?: string
  readonly values?: readonly unknown[]
}

const mostShown = 3

/** Names of fields and what is expected of them; never a value of the document. */
function problems(issues: readonly unknown[]): string {
  const shown = (issues as readonly Issue[]).slice(0, mostShown).map(({ code, path, expected, values }) => {
    const wanted = code === 'invalid_union' ? 'one of the known' : (values?.join(' or ') ?? expected ?? code)
    return `${quoted(path.join('.'))} is not ${wanted}`
  })
  const more = issues.length - shown.length
  return shown.join('; ') + (more > 0 ? `; and ${more} more` : '')
}

function quoted(value: unknown): string {
  if (value === undefined) return 'missing'
  if (typeof value === 'object' && value !== null) return Array.isArray(value) ? 'a list' : 'an object'
  const text = JSON.stringify(value)
  return text.length > 60 ? `${text.slice(0, 59)}…` : text
}

function bad(path: string, what: string): Failure<'bad-outcome-document'> {
  return new Failure('bad-outcome-document', `${path} is not an outcome document: ${what}`, {
    fault: 'input',
    hint: 'pass the file that the earlier step names in its output `report`',
  })
}
