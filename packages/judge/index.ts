// Sequential canary analysis: from blocks of counters to a verdict with a bounded risk; pure, no clock, no I/O.
export { type Arm, type Block, type Counts, type Histogram } from './input/block.ts'
export { forecast, forecastProof, type Coming, type Cost, type Forecast } from './forecast.ts'
export { firstWeight } from './verdict/first-weight.ts'
export { judge } from './judge.ts'
export { type Names, type Settings, type Weights } from './input/settings.ts'
export { begin, type State } from './verdict/state.ts'
export { decideAtDeadline, isKnownNoWorse, type Evidence, type Verdict } from './verdict/verdict.ts'
