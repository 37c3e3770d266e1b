export { fakeClock, type FakeClock } from './clock.ts'
export { fakeProcess, type FakeProcess, type Script } from './process.ts'
export { silentLog, type RecordedLog } from './log.ts'
export { readerFor, recording } from './reader.ts'
export { writeLayout, type LayoutSpec, type WrittenLayout } from './oci-layout.ts'
export { fakeCluster, type Call, type FakeCluster, type FakeClusterOptions, type Hooks } from './cluster.ts'
export {
  startRegistry,
  type Fate,
  type SeenRequest,
  type WireRegistry,
  type WireRegistryOptions,
} from './registry.ts'
export { fakePrometheus, type FakePrometheus } from './prometheus.ts'
export { wire, type Wire, type WireAnswer, type WireRequest } from './api-wire.ts'
export { simulate, type Simulation, type SimulationOptions } from './simulated/simulation.ts'
export { type Behaviour, type Behaviours, type Timing } from './simulated/behaviour.ts'
export { fingerprint, type FingerprintOptions, type Snapshot } from './simulated/snapshot.ts'
export { type Fault, type FaultPlan } from './simulated/fault.ts'
export { faulty, untilDeath, type End, type FaultyLane, type Lane } from './simulated/faulty.ts'
export { killPoints, type KillPoint, type Played } from './simulated/kill-points.ts'
export { interleave, type Interleaved, type Step } from './simulated/interleave.ts'
export { schedules, type Schedule } from './simulated/schedule.ts'
export { client, type Client } from './simulated/client.ts'
export { describeCall } from './simulated/calls.ts'
export * as metered from './metered.ts'
export { createAtlas, type Atlas, type Game, type Seen as SeenGame } from './simulated/atlas.ts'
export { explore, type Explored, type ExploreOptions } from './simulated/explore.ts'
