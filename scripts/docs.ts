// Writes the tables of inputs and outputs into each action's README, from action.yml: the only place where they are described.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { format, resolveConfig } from 'prettier'
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
