import { Failure } from '@alt-las/failure'
import { readOneYaml } from '@alt-las/yaml'
import { policySchema, type PolicyFile } from './policy.ts'

/** The file that the input `security-policy` names. Throws Failure `bad-policy` (fault input) that names every unknown or wrong key. */
export async function readPolicy(
  path: string | null,
  readNamed: (path: string) => Promise<string>,
): Promise<PolicyFile> {
  if (path === null) return {}
  const read = readOneYaml(await readNamed(path))
  if (read.kind === 'mistake') throw bad(path, `line ${read.line}: ${read.what}`)
  const result = policySchema.safeParse(read.value ?? {})
  if (result.success) return result.data
  throw bad(path, result.error.issues.slice(0, 5).map(problem).join('; '))
}

function problem(issue: {
  readonly path: readonly PropertyKey[]
  readonly message: string
  readonly code?: string
}): string {
  const where = issue.path.map(String).join('.')
  const keys = 'keys' in issue && Array.isArray(issue.keys) ? `: ${issue.keys.join(', ')}` : ''
  return `${where === '' ? 'the file' : where} is wrong (${issue.code ?? issue.message}${keys})`
}

function bad(path: string, what: string): Failure<'bad-policy'> {
  return new Failure('bad-policy', `${path} is not a security policy: ${what}`, {
    fault: 'input',
    hint: 'compare it with actions/verify/schemas/security-policy.json',
  })
}
