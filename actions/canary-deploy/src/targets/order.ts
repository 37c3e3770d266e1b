import type { TargetEntry } from './parse-targets.ts'

type Needing = Pick<TargetEntry, 'deployment' | 'needs'>

/** Each target after those that it needs, else in the order in which they are given. Without cycles. */
export function inOrderOfNeeds<T extends Needing>(targets: readonly T[]): readonly T[] {
  const ordered: T[] = []
  const add = (target: T): void => {
    if (ordered.includes(target)) return
    for (const one of targets) if (target.needs.includes(one.deployment)) add(one)
    ordered.push(target)
  }
  targets.forEach(add)
  return ordered
}

/** What is wrong between the targets: names that are given twice or unknown, and the first cycle. */
export function problemsBetween(targets: readonly Needing[]): readonly string[] {
  const names = targets.map(({ deployment }) => deployment)
  const twice = names.filter((name, index) => name !== '' && names.indexOf(name) < index)
  const unknown = targets.flatMap(({ deployment, needs }) =>
    needs
      .filter((need) => !names.includes(need))
      .map(
        (need) =>
          `${deployment}: needs: got ${JSON.stringify(need.slice(0, 63))}, expected one of ${some(names)}`,
      ),
  )
  const cycle = cycleIn(targets)
  return [
    ...[...new Set(twice)].map((name) => `${name}: is given twice, expected each Deployment once`),
    ...unknown,
    ...(cycle === null ? [] : [`needs: got a cycle, ${cycle.join(' needs ')}: none of them could begin`]),
  ]
}

/** A long list helps nobody. */
const some = (names: readonly string[]) =>
  names.length > 10 ? `${names.slice(0, 10).join(', ')}, …` : names.join(', ')

/** The names along it, the first one again at its end; null = none. */
function cycleIn(targets: readonly Needing[]): readonly string[] | null {
  const done = new Set<string>()
  const visit = (name: string, path: readonly string[]): readonly string[] | null => {
    const at = path.indexOf(name)
    if (at >= 0) return [...path.slice(at), name]
    if (done.has(name)) return null
    const needs = targets.find(({ deployment }) => deployment === name)?.needs ?? []
    for (const need of needs) {
      const found = visit(need, [...path, name])
      if (found !== null) return found
    }
    done.add(name)
    return null
  }
  for (const { deployment } of targets) {
    const found = visit(deployment, [])
    if (found !== null) return found
  }
  return null
}
