// Small fakes for tests, one per port, and servers that speak the real wire.
export { fakeClock, type FakeClock } from './clock.ts'
export { fakeProcess, type FakeProcess, type Script } from './process.ts'
export { silentLog, type RecordedLog } from './log.ts'
export { readerFor, recording } from './reader.ts'
export {
  outcomeDocument,
  rolloutTarget,
  sampleEvidence,
  type DocumentOverrides,
} from './outcome-documents.ts'
export { writeLayout, type LayoutSpec, type WrittenLayout } from './oci-layout.ts'
export {
  startRegistry,
  type Fate,
  type SeenRequest,
  type WireRegistry,
  type WireRegistryOptions,
} from './registry.ts'
export { fakePrometheus, type FakePrometheus } from './prometheus.ts'
export { wire, type Wire, type WireAnswer, type WireRequest } from './api-wire.ts'
export { uniform } from './uniform.ts'
export { certificates, type Certificates } from './certificates.ts'
export { startProxy, type WireProxy } from './proxy.ts'
export * as metered from './metered.ts'
export { tarOf } from './tar.ts'
