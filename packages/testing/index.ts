// Small fakes for tests, one per port, and servers that speak the real wire.
export { fakeClock, type FakeClock } from './ports/clock.ts'
export { virtualClock } from './ports/virtual-clock.ts'
export { virtualSystem, type VirtualSystem } from './ports/virtual-system.ts'
export { fakeProcess, type FakeProcess, type Script } from './ports/process.ts'
export { silentLog, type RecordedLog } from './ports/log.ts'
export { readerFor, recording } from './ports/reader.ts'
export { closedAfter } from './ports/closed-after.ts'
export {
  outcomeDocument,
  rolloutTarget,
  sampleEvidence,
  type DocumentOverrides,
} from './builders/outcome-documents.ts'
export { writeLayout, type LayoutSpec, type WrittenLayout } from './builders/oci-layout.ts'
export {
  startRegistry,
  type Fate,
  type SeenRequest,
  type WireRegistry,
  type WireRegistryOptions,
} from './wire/registry.ts'
export { fakePrometheus, type FakePrometheus } from './metrics/prometheus.ts'
export { wire, type Wire, type WireAnswer, type WireRequest } from './wire/api-wire.ts'
export { uniform } from './uniform.ts'
export { certificates, type Certificates } from './wire/certificates.ts'
export { startProxy, type WireProxy } from './wire/proxy.ts'
export * as metered from './metrics/metered.ts'
export { paxOf, tarOf, tarOfParts, type TarPart } from './builders/tar.ts'
