import { readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { parse } from 'yaml'
import { asFailure, Failure } from '@alt-las/failure'

/** The defaults of the action.yml beside `dist/` or `src/`, so that a bundle that is started by hand behaves as on a runner. */
export function readDefaults(entry: string): ReadonlyMap<string, string> {
  const above = dirname(dirname(entry))
  // `dist/post/index.js` is one level deeper.
  const path = join(basename(dirname(entry)) === 'post' ? dirname(above) : above, 'action.yml')
  const inputs = parseInputs(path)
  return new Map(
    Object.entries(inputs).flatMap(([name, input]) =>
      input?.default === undefined || input.default === null || isExpression(String(input.default))
        ? []
        : [[name, String(input.default)] as const],
    ),
  )
}

/** `${{ github.token }}`: only the runner can evaluate it. */
const isExpression = (value: string): boolean => value.includes('${{')

function parseInputs(path: string): Record<string, { default?: string | number | boolean | null } | null> {
  try {
    const document = parse(readFileSync(path, 'utf8')) as { inputs?: ReturnType<typeof parseInputs> } | null
    return document?.inputs ?? {}
  } catch (error) {
    throw new Failure('no-action-yml', `cannot read ${path}`, {
      fault: 'ours',
      cause: asFailure(error),
      hint: 'check out the whole action: action.yml is beside dist/',
    })
  }
}
