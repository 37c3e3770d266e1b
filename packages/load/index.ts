// Open-loop load: requests leave at their intended times, and latency counts from those times.
export {
  runLoad,
  startLoad,
  type LoadPlan,
  type LoadPorts,
  type RunningLoad,
  type TimedLoadPlan,
} from './run-load.ts'
export type { Loss, Send } from './send.ts'
export type { LoadResult, SeenLoss, TargetResult } from './tally.ts'
export type { LoadTarget } from './turns.ts'
export type { Bucket, Distribution } from './distribution.ts'
export { judgeLoad, percentage, type ThresholdResult, type Thresholds } from './thresholds.ts'
export { judgeAgainst, type Baseline } from './baseline.ts'
export { suffering, type StopRule } from './suffering.ts'
