import type { Block, Cell } from '@alt-las/outcome'
import { formatDuration } from '@alt-las/time'
import type { Forecast } from './shape.ts'

/** The dry run as a short page: the facts, the problems, the stages, and the objects folded. */
export function forecastBlocks(one: Forecast): readonly Block[] {
  const { serving, image, pods, traffic, problems, changes } = one
  const facts: readonly (readonly Cell[])[] = [
    ['target', `${one.namespace}/${one.deployment}`],
    ['what', one.what],
    ['serving now', serving === null ? 'nothing' : { code: serving }],
    ['then', { code: image }],
    ['pods', pods.peak === pods.now ? String(pods.now) : `${pods.now} now, at most ${pods.peak}`],
    ...traffic,
  ]
  return [
    { kind: 'table', head: ['', ''], rows: facts },
    ...(problems.length === 0
      ? []
      : [{ kind: 'paragraph', text: 'Problems:' } as const, { kind: 'list', items: problems } as const]),
    ...way(one),
    ...(changes.length === 0
      ? []
      : [
          {
            kind: 'details',
            summary: `${changes.length} objects would be written`,
            blocks: [
              {
                kind: 'table',
                head: ['object', 'what'],
                rows: changes.map(({ object, change }) => [object, change]),
              },
            ],
          } as const,
        ]),
  ]
}

function way({ stages }: Forecast): readonly Block[] {
  if (stages.length === 0) return []
  const rows = stages.map(({ name, weight, old, fresh, lastsMs }): readonly Cell[] => [
    name,
    weight === null ? '' : `${weight}%`,
    String(old),
    String(fresh),
    lastsMs === 0 ? '' : formatDuration(lastsMs),
  ])
  return [{ kind: 'table', head: ['stage', 'new version', 'old pods', 'new pods', 'at least'], rows }]
}
