// Where alerts arrive in the lab: takes what Alertmanager sends to a chat, and writes one JSON line for each message to standard output.
import { createServer } from 'node:http'

const [address = '127.0.0.1', port = '0'] = process.argv.slice(2)
const largestBytes = 1 << 20

createServer((request, response) => {
  const parts: Buffer[] = []
  let size = 0
  request.on('data', (part: Buffer) => {
    size += part.length
    if (size <= largestBytes) parts.push(part)
  })
  request.on('end', () => {
    const isTaken = request.method === 'POST' && size <= largestBytes
    if (isTaken) process.stdout.write(`${lineOf(request.url ?? '', Buffer.concat(parts).toString())}\n`)
    response
      .writeHead(isTaken ? 200 : 400, { 'content-type': 'text/plain' })
      .end(isTaken ? 'ok' : 'a message, by POST')
  })
}).listen(Number(port), address)

function lineOf(to: string, text: string): string {
  try {
    return JSON.stringify({ at: new Date().toISOString(), to, message: JSON.parse(text) as unknown })
  } catch {
    return JSON.stringify({ at: new Date().toISOString(), to, message: text })
  }
}
