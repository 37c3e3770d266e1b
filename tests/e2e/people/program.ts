/** The service: it answers with its version; with `PROTOCOL` h2c it speaks HTTP/2 without TLS alone, with `STATUS` it answers that. */
export const program = `
import { createServer } from 'node:http'
import { createServer as createSecond } from 'node:http2'
const { VERSION = '', STATUS = '200', PROTOCOL = 'http' } = process.env
const answer = (asked, reply) => {
  reply.writeHead(asked.url === '/readyz' ? 200 : Number(STATUS))
  reply.end(JSON.stringify({ version: VERSION }))
}
const server = PROTOCOL === 'h2c' ? createSecond(answer) : createServer(answer)
server.keepAliveTimeout = 65_000
server.listen(8080)
createServer((_, reply) => reply.end()).listen(8081)
process.once('SIGTERM', () => setTimeout(() => process.exit(0), 5000))
`
