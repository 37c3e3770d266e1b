// `npm test`: format, lint, types, services and unit tests at one time, since each but the unit tests leaves all processors but one idle.
// What follows `npm test --` goes to jest. The output of a job comes in one piece when it has ended; that of the unit tests as it comes.
import { spawn } from 'node:child_process'
import { root } from './actions.ts'

interface Job {
  readonly name: string
  readonly command: string
  readonly args: readonly string[]
  readonly streams?: boolean
}

const node = process.execPath
const memory = ['--max-old-space-size=8192', '--max-semi-space-size=64']
const jest = 'node_modules/jest/bin/jest.js'
const jobs: readonly Job[] = [
  {
    name: 'unit',
    command: node,
    args: ['--experimental-vm-modules', ...memory, jest, '--maxWorkers=100%', ...process.argv.slice(2)],
    streams: true,
  },
  { name: 'lint', command: 'eslint', args: ['.'] },
  { name: 'types', command: 'tsc', args: [] },
  { name: 'format', command: 'prettier', args: ['--check', '.'] },
  { name: 'services', command: node, args: ['--test', 'services/**/*.test.ts'] },
]

const lines = await Promise.all(jobs.map(run))
console.log(`\n${lines.map(({ line }) => line).join('\n')}`)
if (lines.some(({ passed }) => !passed)) process.exitCode = 1

async function run({
  name,
  command,
  args,
  streams = false,
}: Job): Promise<{ readonly passed: boolean; readonly line: string }> {
  const begun = performance.now()
  const child = spawn(command, args, {
    cwd: root,
    stdio: ['ignore', streams ? 'inherit' : 'pipe', streams ? 'inherit' : 'pipe'],
  })
  const output: Buffer[] = []
  child.stdout?.on('data', (part: Buffer) => output.push(part))
  child.stderr?.on('data', (part: Buffer) => output.push(part))
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', resolve)
  })
  const line = `${code === 0 ? 'ok  ' : 'FAIL'} ${name} (${((performance.now() - begun) / 1000).toFixed(0)} s)`
  if (!streams) console.log(`\n=== ${name}\n${Buffer.concat(output).toString()}${line}`)
  return { passed: code === 0, line }
}
