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
export { type Snapshot } from './simulated/snapshot.ts'
