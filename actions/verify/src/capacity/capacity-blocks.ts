import { percentage } from '@alt-las/load'
import type { Block, Cell } from '@alt-las/outcome'
import type { Capacity } from './check-capacity.ts'

/** The table for planning, and beneath it the rates that were tried. */
export function capacityBlocks({
  maxRate,
  targetRate,
  headroom,
  trials,
  workloads,
}: Capacity): readonly Block[] {
  const target =
    targetRate === null ? [] : [`replicas for ${targetRate} per second and ${percentage(headroom)} more`]
  const rows = workloads.map(({ name, replicas, ratePerReplica, replicasForTarget }): readonly Cell[] => [
    ...[name, String(replicas), String(ratePerReplica)],
    ...(targetRate === null ? [] : [String(replicasForTarget ?? '')]),
  ])
  const tried = [...trials]
    .sort((a, b) => a.rate - b.rate)
    .map(({ rate, outcome, load }): readonly Cell[] => [
      ...[String(rate), outcome === 'held' ? '✅' : outcome === 'exceeded' ? '❌' : '⚠️'],
      ...[String(load.p95Ms), String(load.p99Ms), percentage(load.errorRate)],
    ])
  const planning: Block = {
    kind: 'table',
    head: [`capacity: ${maxRate} per second`, 'replicas', 'per replica', ...target],
    rows,
  }
  const head = ['requests per second', 'held', 'p95 ms', 'p99 ms', 'errors']
  const all: Block = { kind: 'table', head, rows: tried }
  return [
    ...(rows.length === 0 ? [] : [planning]),
    { kind: 'details', summary: `${trials.length} rates were tried`, blocks: [all] },
  ]
}
