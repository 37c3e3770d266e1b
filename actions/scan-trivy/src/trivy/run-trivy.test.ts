import { expect, test } from '@jest/globals'
import { fakeClock, fakeProcess, silentLog } from '@alt-las/testing'
import { runTrivy } from './run-trivy.ts'

const call = { what: 'scan', args: [], env: {}, cwd: '/tmp', timeoutMs: 1000, attempts: 1 }

test('what Trivy prints on stderr is shown, and is no command for the runner', async () => {
  const process = fakeProcess(({ options: { onLine } }) => {
    onLine?.('::add-mask::passed', 'stderr')
    onLine?.('{}', 'stdout')
    return {}
  })
  const log = silentLog()
  const ports = { process, log, clock: fakeClock(), interrupted: new AbortController().signal }
  await runTrivy({ command: 'trivy', version: '0.74.0' }, call, ports)
  expect(log.lines).toEqual(['::add-mask::passed'])
  expect(log.rawLines).toEqual(log.lines)
})
