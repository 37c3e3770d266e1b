import type { ErrorObject } from 'ajv/dist/2020.js'

/** An `anyOf` or `oneOf` that the value does not meet. */
export interface Choice {
  readonly error: ErrorObject
  /** Errors of the branch that came nearest. */
  readonly nearest: readonly ErrorObject[]
  readonly branches: number
}

export type Told = ErrorObject | Choice

export function isChoice(one: Told): one is Choice {
  return 'nearest' in one
}

/**
 * The errors with each failed choice as one: of its branches only the one that came nearest is kept, however many there are and however
 * deep they lie in each other. The validator tells the errors of the branches right before the error of the choice; both name the schema
 * object that they come from (`verbose`).
 */
export function withNearestBranches(errors: readonly ErrorObject[], root: unknown): readonly Told[] {
  const known = new Map<unknown, ReadonlyMap<object, number>>()
  const told: Told[] = []
  for (const error of errors) {
    if (error.keyword !== 'anyOf' && error.keyword !== 'oneOf') {
      told.push(error)
      continue
    }
    const places = known.get(error.schema) ?? placesIn(error.schema, root)
    known.set(error.schema, places)
    const branchOf = (one: Told | undefined) => (one === undefined ? undefined : branchIn(places, one, error))
    let from = told.length
    while (branchOf(told[from - 1]) !== undefined) from -= 1
    const branches = Map.groupBy(told.splice(from), branchOf)
    const byDistance = [...branches.values()].toSorted(
      (one, other) => distance(one, error) - distance(other, error),
    )
    told.push({ error, nearest: (byDistance[0] ?? []).flatMap(flat), branches: branches.size })
  }
  return told
}

const errorOf = (one: Told): ErrorObject => (isChoice(one) ? one.error : one)
/** A choice within a branch speaks by its own nearest branch. */
const flat = (one: Told): readonly ErrorObject[] =>
  isChoice(one) ? (one.nearest.length > 0 ? one.nearest : [one.error]) : [one]

function branchIn(places: ReadonlyMap<object, number>, one: Told, choice: ErrorObject): number | undefined {
  const { instancePath, parentSchema } = errorOf(one)
  const isBelow = instancePath === choice.instancePath || instancePath.startsWith(`${choice.instancePath}/`)
  return isBelow && parentSchema !== undefined ? places.get(parentSchema) : undefined
}

/** Schemas of one choice that are looked through for the branch of an error. */
const mostPlaces = 10_000

/** Every schema object within the branches, references followed, with the number of the first branch that has it. */
function placesIn(branches: unknown, root: unknown): ReadonlyMap<object, number> {
  const places = new Map<object, number>()
  for (const [index, branch] of (Array.isArray(branches) ? branches : []).entries()) {
    const left: unknown[] = [branch]
    while (left.length > 0 && places.size < mostPlaces) {
      const one = left.pop()
      if (typeof one !== 'object' || one === null || places.has(one)) continue
      places.set(one, index)
      const { $ref } = one as { readonly $ref?: unknown }
      left.push(...Object.values(one), ...(typeof $ref === 'string' ? [referredTo($ref, root)] : []))
    }
  }
  return places
}

/** Of `#/$defs/Pet`; undefined where it leads elsewhere. */
function referredTo(reference: string, root: unknown): unknown {
  if (!reference.startsWith('#/')) return undefined
  return reference
    .slice(2)
    .split('/')
    .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce<unknown>(
      (value, key) =>
        typeof value === 'object' && value !== null && Object.hasOwn(value, key)
          ? (value as Readonly<Record<string, unknown>>)[key]
          : undefined,
      root,
    )
}

/** Another type or another fixed value means another branch; then the fewest errors. */
function distance(branch: readonly Told[], { instancePath }: ErrorObject): number {
  const errors = branch.map(errorOf)
  const isOther = errors.some(({ keyword, instancePath: at }) => {
    if (keyword === 'type') return at === instancePath
    return (keyword === 'const' || keyword === 'enum') && !at.slice(instancePath.length + 1).includes('/')
  })
  return (isOther ? 1e9 : 0) + errors.length
}
