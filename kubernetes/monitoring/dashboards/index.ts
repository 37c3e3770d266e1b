// Dashboards as code: `node scripts/monitoring.ts` writes them as JSON beside this file.
import { type Board, boardOf } from './board.ts'
import { capacity } from './capacity.ts'
import { logs } from './logs.ts'
import { overview } from './overview.ts'
import { rollout } from './rollout.ts'
import { service } from './service.ts'

export const boards: readonly Board[] = [overview, service, rollout, capacity, logs]

/** File name and content of each dashboard. */
export const boardFiles = (): readonly (readonly [string, string])[] =>
  boards.map((board) => [`${board.name}.json`, `${JSON.stringify(boardOf(board), null, 2)}\n`])
