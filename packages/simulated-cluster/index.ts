// An API server and its controllers in memory under a virtual clock, with faults; see README.md.
export {
  fakeCluster,
  type Call,
  type FakeCluster,
  type FakeClusterOptions,
  type Hooks,
} from './server/api-server.ts'
export { clientSideApplied } from './ownership/client-side.ts'
export {
  simulate,
  type Simulation,
  type SimulationOptions,
  type VirtualClock,
} from './simulation/simulation.ts'
export { type Behaviour, type Behaviours, type Timing } from './controllers/round/behaviour.ts'
export { fingerprint, type FingerprintOptions, type Snapshot } from './simulation/snapshot.ts'
export { digest, nameOf } from './values/digest.ts'
export { type Fault, type FaultPlan } from './faults/fault.ts'
export { faulty, untilDeath, type End, type FaultyLane, type Lane } from './faults/faulty.ts'
export { each } from './faults/intercept.ts'
export { describeCall } from './faults/calls.ts'
export { client, type Client } from './wire/client.ts'
