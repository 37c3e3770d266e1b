/** A connection to try: an allowed one until it opens, a denied one several times. */
export interface Attempted {
  readonly host: string
  /** null = by name only. */
  readonly address: string | null
  readonly port: number
  readonly expect: 'open' | 'closed'
}

export const results = ['open', 'refused', 'silent', 'no-name', 'error'] as const

/** The probe's finding about one attempt. */
export interface ProbeAnswer {
  readonly result: (typeof results)[number]
  readonly detail: string
  readonly tries: number
}

/**
 * Runs as `node -e <script> -- <JSON of Attempted[]> <path of the termination message>` in the probe. Allowed connections come first: they
 * show that the probe works and that the network has its pod, so that a later refusal comes from a policy. The answer goes to the
 * termination message, since reading that needs no right to read logs.
 */
export const probeScript = `
const net = require('node:net'), dns = require('node:dns/promises'), fs = require('node:fs')
const asked = JSON.parse(process.argv[1])
const pause = (ms) => new Promise((done) => setTimeout(done, ms))
const connect = (host, port) => new Promise((done) => {
  const socket = net.connect({ host, port, timeout: 2000 })
  const end = (result, detail) => { socket.destroy(); done({ result, detail }) }
  socket.on('connect', () => end('open', socket.remoteAddress + ':' + socket.remotePort))
  socket.on('timeout', () => end('silent', 'no answer within 2 s'))
  socket.on('error', (error) => end(
    error.code === 'ECONNREFUSED' || error.code === 'EHOSTUNREACH' || error.code === 'ENETUNREACH' || error.code === 'EACCES' || error.code === 'EPERM'
      ? 'refused' : error.code === 'ETIMEDOUT' ? 'silent' : 'error', String(error.code)))
})
const once = async ({ host, address, port, expect }) => {
  if (expect === 'closed' && address !== null) return connect(address, port)
  try { return connect((await dns.lookup(host)).address, port) } catch (error) { return { result: 'no-name', detail: String(error.code) } }
}
const attempt = async (one, want) => {
  for (let tries = 1; ; tries += 1) {
    const seen = await once(one)
    const settled = one.expect === 'open' ? seen.result === 'open' : seen.result === 'open' || seen.result === 'no-name'
    if (settled || tries === want) return { ...seen, tries }
    await pause(one.expect === 'open' ? 700 : 300)
  }
}
const all = async (expect, want) => Promise.all(asked.map((one) => (one.expect === expect ? attempt(one, want) : null)))
// A network may apply its policies some moments after a pod has started: what opened at once must open later too.
const still = async (first) => Promise.all(asked.map((one, index) => (first[index]?.result === 'open' ? attempt(one, 4) : first[index])))
const main = async () => {
  const first = await all('open', 15)
  const [closed] = await Promise.all([all('closed', 2), pause(1500)])
  const open = await still(first)
  const text = JSON.stringify(asked.map((_, index) => open[index] ?? closed[index]))
  console.log(text)
  // Where the message cannot be written, a failing container's last log lines become its message.
  try { fs.writeFileSync(process.argv[2], text) } catch { process.exitCode = 3 }
}
main()
`.trim()

/** The message comes from a pod whose image is a release's: it is not believed unread. */
export function isAnswer(value: unknown): value is ProbeAnswer {
  if (typeof value !== 'object' || value === null) return false
  const { result, detail, tries } = value as Partial<Record<keyof ProbeAnswer, unknown>>
  return results.some((one) => one === result) && typeof detail === 'string' && typeof tries === 'number'
}
