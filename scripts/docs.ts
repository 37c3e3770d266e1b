// Writes the tables of inputs and outputs into each action's README, from action.yml: the only place where they are described.
// Writes the JSON schemas: of each action's outcome documents, from the validators in packages/outcome/evidence, and of the files that users write.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { format, resolveConfig } from 'prettier'
import { policyJsonSchema } from '../actions/verify/src/security/policy/policy.ts'
import { jsonSchemas } from '../packages/outcome/json-schemas.ts'
import { actionNames, readActionYml, root, type ActionYml } from './actions.ts'

for (const name of actionNames()) {
  const path = join(root, 'actions', name, 'README.md')
  const action = readActionYml(name)
  const before = readFileSync(path, 'utf8')
  const filled = between(between(before, 'inputs', inputs(name, action)), 'outputs', outputs(name, action))
  const after = await format(filled, { ...(await resolveConfig(path)), filepath: path })
  if (after !== before) {
    writeFileSync(path, after)
    console.log(`wrote actions/${name}/README.md`)
  }
}

const schemas = [
  ...[...jsonSchemas()].map(([name, schema]) => [`packages/outcome/schemas/${name}.json`, schema] as const),
  ['actions/verify/schemas/security-policy.json', policyJsonSchema()] as const,
]
for (const [name, schema] of schemas) {
  const path = join(root, name)
  const options = { ...(await resolveConfig(path)), filepath: path }
  const text = await format(JSON.stringify(schema), options)
  if (existsSync(path) && readFileSync(path, 'utf8') === text) continue
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, text)
  console.log(`wrote ${name}`)
}

function inputs(name: string, action: ActionYml): string {
  const rows = Object.entries(action.inputs).map(([input, { description, required, default: value }]) => {
    const shown =
      required === true ? '**required**' : value === undefined || value === '' ? '' : code(String(value))
    return `| \`${input}\` | ${shown} | ${described(name, input, description)} |`
  })
  return ['| input | default | meaning |', '| --- | --- | --- |', ...rows].join('\n')
}

function outputs(name: string, action: ActionYml): string {
  const rows = Object.entries(action.outputs).map(
    ([output, { description }]) => `| \`${output}\` | ${described(name, output, description)} |`,
  )
  return ['| output | meaning |', '| --- | --- |', ...rows].join('\n')
}

function described(action: string, name: string, description: string | undefined): string {
  if (description === undefined || description.trim() === '')
    throw new Error(`actions/${action}: ${name} has no description`)
  return description.trim().replace(/\s+/g, ' ').replaceAll('|', '\\|')
}

function code(value: string): string {
  return `\`${value.trim().replace(/\n/g, ', ').replaceAll('|', '\\|')}\``
}

function between(text: string, name: string, table: string): string {
  const begin = `<!-- begin:${name} -->`
  const end = `<!-- end:${name} -->`
  const from = text.indexOf(begin)
  const to = text.indexOf(end)
  if (from < 0 || to < from) throw new Error(`README has no ${begin} … ${end}`)
  return `${text.slice(0, from + begin.length)}\n\n${table}\n\n${text.slice(to)}`
}
