// The users of the lab, a process of their own: `node lab/traffic/main.ts <requests per second to each service>`, until SIGTERM.
import { readFileSync } from 'node:fs'
import { addresses } from '../addresses.ts'
import { startLoad, type Result } from './load.ts'
import { shots } from './shots.ts'

const rate = Number(process.argv[2]) * shots.length
const ca = readFileSync(process.env['LAB_CA'] ?? '', 'utf8')
const everyMs = 60_000

const begin = () => startLoad({ host: 'alt-las.lab', address: addresses.gateway, ca, rate, shots })
let load = begin()

const tell = ({ sent, failed, told }: Result): void => {
  const first = told[0] === undefined ? '' : `; the first: ${told[0]}`
  console.log(`${new Date().toISOString()} ${sent} requests, ${failed} failed${first}`)
}

const timer = setInterval(() => {
  const before = load
  load = begin()
  void before.stop().then(tell)
}, everyMs)

process.once('SIGTERM', () => {
  clearInterval(timer)
  void load.stop().then((result) => {
    tell(result)
    process.exit()
  })
})
