// Open-loop load: requests leave at their intended times, and latency counts from those times.
export { runLoad, startLoad, type LoadPlan, type LoadPorts, type RunningLoad } from './run-load.ts'
export type { Loss, Send } from './send.ts'
export type { LoadResult, SeenLoss, TargetResult } from './tally.ts'
export type { LoadTarget } from './turns.ts'
export type { Bucket, Distribution } from './distribution.ts'
export { judgeLoad, percentage, type ThresholdResult, type Thresholds } from './thresholds.ts'
