export { type Arm, type Block, type Histogram } from './block.ts'
export {
  begin,
  decide,
  judge,
  type Counts,
  type Evidence,
  type Settings,
  type State,
  type Verdict,
} from './judge.ts'
