// Schedules of several processes against one simulated cluster: explore all with few preemptions, replay one, kill at any call.
export { killPoints, type KillPoint, type Played } from './kill-points.ts'
export { interleave, type Interleaved, type Step } from './interleave.ts'
export { schedules, type Schedule } from './schedule.ts'
export {
  createVisitedStates,
  type VisitedStates,
  type Game,
  type Seen as SeenGame,
} from './visited-states.ts'
export { explore, type Explored, type ExploreOptions } from './explore.ts'
