import { createServer } from 'node:http'
import { greet } from './greet.ts'

const server = createServer((asked, answer) => {
  answer.end(greet(new URL(asked.url ?? '/', 'http://greeter').searchParams.get('name') ?? 'world'))
})
server.listen(8080)
process.once('SIGTERM', () => {
  setTimeout(() => {
    server.close(() => process.exit(0))
    server.closeIdleConnections()
  }, 3000)
})
