// The service that is released again and again: a version is what its environment says. It runs from a ConfigMap, on the bare runtime image.
import { createServer } from 'node:http'

const number = (name: string, otherwise: number) => Number(process.env[name] ?? otherwise)
const version = process.env['VERSION'] ?? ''
/** Share of the requests that fail, 0..1. */
const errors = number('ERRORS', 0)
/** Times as slow as usual. */
const slow = number('SLOW', 1)
/** Fails from the moment on, and by the share, that its users say: a fault that comes when its time has come. */
const failsLate = process.env['LATE'] === 'yes'
const hangs = process.env['HANGS'] === 'yes'
/** Lognormal, in ms: as services take their time. */
const medianMs = 30
const sigma = 0.4

const server = createServer((asked, answer) => {
  if (asked.url === '/readyz') return void answer.end()
  if (hangs) return
  // What every version suffers alike, such as a database of all of them: the users bring it along.
  const shared = Number(asked.headers['x-shared-errors'] ?? 0)
  const late = failsLate ? Number(asked.headers['x-late-errors'] ?? 0) : 0
  const status = [errors, shared, late].some((share) => Math.random() < share) ? 500 : 200
  const takes = medianMs * slow * Math.exp(sigma * normal())
  setTimeout(() => answer.writeHead(status).end(JSON.stringify({ version })), takes)
})
server.listen(8080)
process.once('SIGTERM', () => {
  // The gateway may not know yet; and it keeps connections that it has not used.
  setTimeout(() => server.close(() => process.exit(0)), 4000)
  setTimeout(() => {
    server.closeAllConnections()
  }, 5000)
})

/** Box and Muller. */
function normal(): number {
  return Math.sqrt(-2 * Math.log(1 - Math.random())) * Math.cos(2 * Math.PI * Math.random())
}
