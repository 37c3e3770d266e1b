// jest's transformer: Node's own type stripping, so that tests run the very text that Node runs, line for line.
import { stripTypeScriptTypes } from 'node:module'

export default {
  process: (source) => ({ code: stripTypeScriptTypes(source, { mode: 'strip' }) }),
}
