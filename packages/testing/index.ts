export { fakeClock, type FakeClock } from './clock.ts'
export { fakeProcess, type FakeProcess, type Script } from './process.ts'
export { silentLog, type RecordedLog } from './log.ts'
export { readerFor, recording } from './reader.ts'
