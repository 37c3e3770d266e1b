import { randomUUID } from 'node:crypto'
import { start } from '../http/start.ts'
import { jobs } from './jobs.ts'
import { runner } from './runner.ts'
import { tasks } from './tasks.ts'

await start(
  {
    name: 'runner-service',
    read: (environment) => ({
      parallel: environment.whole('JOBS_PARALLEL', { min: 1, max: 64, fallback: 2 }),
      kept: environment.whole('JOBS_KEPT', { min: 1, max: 100_000, fallback: 1000 }),
    }),
    compose: (limits) => {
      const queue = jobs({ tasks, ...limits }, { newId: randomUUID, now: () => new Date().toISOString() })
      return { routes: runner(queue), dependencies: [], release: queue.idle }
    },
  },
  process.env,
)
