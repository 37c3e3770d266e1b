// API tests: their file format, one test's run, and the HTTP client that sends its requests.
export type { ApiRequest, ApiTest, Expectation, Expected } from './api-test.ts'
export { parseApiTests, readTests } from './api-file.ts'
export { capture, json, matches, problemsOf } from './expect.ts'
export { urlBelow, type Http, type Reply, type SendOptions } from './http.ts'
export { nodeHttp, type HttpOptions } from './node-http.ts'
export { runTest, type TestPlan, type TestPorts, type TestResult } from './run-test.ts'
export { compileAt, compileSchema, type Schema } from './schema.ts'
export { fill, type Variables } from './variables.ts'
