import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'

// `import x from`, `import type`, `export … from`, a bare import: the form that prettier gives them.
const declaration = /^(?:import|export)\b[^'";]*?\bfrom '([^']+)'|^import '([^']+)'/gm
const own = '@alt-las/'

/** Files that each file imports; read once in a run. */
const known = new Map()

/** @param {string} file @param {string} root @returns {readonly string[]} */
function importsOf(file, root) {
  let found = known.get(file)
  if (found === undefined) {
    const text = existsSync(file) ? readFileSync(file, 'utf8') : ''
    found = [...text.matchAll(declaration)].flatMap(([, from, bare]) => resolve(from ?? bare, file, root))
    known.set(file, found)
  }
  return found
}

/** @param {string} name @param {string} file @param {string} root @returns {readonly string[]} */
function resolve(name, file, root) {
  if (name.startsWith('.')) return [join(dirname(file), name)]
  return name.startsWith(own) ? [join(root, 'packages', name.slice(own.length), 'index.ts')] : []
}

/** The way from `start` back to `end`; null where there is none. Breadth first: the shortest. */
function wayTo(end, start, root) {
  const from = new Map([[start, null]])
  for (const file of from.keys()) {
    if (file === end) return wayOf(file, from)
    for (const next of importsOf(file, root)) if (!from.has(next)) from.set(next, file)
  }
  return null
}

function wayOf(file, from) {
  const way = []
  for (let at = file; at !== null; at = from.get(at)) way.unshift(at)
  return way
}

/** No file imports itself by way of others, not even for a type: a circle of types is a circle of ideas. */
export const noCircles = {
  meta: { type: 'problem', schema: [], messages: { circle: 'imports in a circle: {{way}}' } },
  create(context) {
    const { filename, cwd } = context
    const check = ({ source }) => {
      if (source === null || typeof source.value !== 'string') return
      for (const target of resolve(source.value, filename, cwd)) {
        const way = wayTo(filename, target, cwd)
        if (way === null) continue
        const names = [filename, ...way].map((file) => relative(cwd, file))
        context.report({ node: source, messageId: 'circle', data: { way: names.join(' → ') } })
      }
    }
    return { ImportDeclaration: check, ExportNamedDeclaration: check, ExportAllDeclaration: check }
  },
}
