type Step =
  { readonly kind: 'key'; readonly key: string } | { readonly kind: 'index'; readonly index: number }

const step = /\.([A-Za-z_][\w-]*)|\[(-?\d+)\]|\['([^']*)'\]|\["([^"]*)"\]/y

/** `$`, `$.a.b`, `$.items[0]`, `$.items[-1]`, `$['odd name']`: one place in a document. Throws an Error for anything else. */
export function parseJsonPath(path: string): readonly Step[] {
  if (!path.startsWith('$'))
    throw new Error(`got ${JSON.stringify(path)}, expected a JSON path such as $.items[0].id`)
  const steps: Step[] = []
  step.lastIndex = 1
  while (step.lastIndex < path.length) {
    const at = step.lastIndex
    const match = step.exec(path)
    if (match === null)
      throw new Error(`cannot read the JSON path ${path} from ${JSON.stringify(path.slice(at))} on`)
    const [, name, index, single, double] = match
    steps.push(
      index === undefined
        ? { kind: 'key', key: name ?? single ?? double ?? '' }
        : { kind: 'index', index: Number(index) },
    )
  }
  return steps
}

/** The value at `path`; undefined where there is none. */
export function at(document: unknown, path: string): unknown {
  let value = document
  for (const one of parseJsonPath(path)) {
    if (typeof value !== 'object' || value === null) return undefined
    if (one.kind === 'index') value = Array.isArray(value) ? (value as unknown[]).at(one.index) : undefined
    else value = Object.hasOwn(value, one.key) ? (value as Record<string, unknown>)[one.key] : undefined
  }
  return value
}
