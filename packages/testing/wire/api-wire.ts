// Servers that speak the real wire: an API, a registry, a proxy, and certificates for TLS.
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface WireRequest {
  readonly method: string
  /** With the query. */
  readonly path: string
  readonly headers: IncomingMessage['headers']
  readonly body: string
}

/** What a server says: a status with a body, a stream of lines that is then ended, or a connection that is cut. */
export type WireAnswer =
  | { readonly status: number; readonly body?: unknown; readonly headers?: Readonly<Record<string, string>> }
  | { readonly lines: readonly unknown[] }
  | 'cut'

export interface Wire {
  readonly url: string
  readonly requests: readonly WireRequest[]
  close(): Promise<void>
}

/** A real HTTP server on the loopback that answers by `play`: adapters are tested against it, byte by byte. */
export async function wire(play: (request: WireRequest, index: number) => WireAnswer): Promise<Wire> {
  const requests: WireRequest[] = []
  const server = createServer((incoming, response) => {
    const chunks: Buffer[] = []
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
    incoming.on('end', () => {
      const { method = '', url: path = '', headers } = incoming
      const request = { method, path, headers, body: Buffer.concat(chunks).toString('utf8') }
      requests.push(request)
      const answer = play(request, requests.length - 1)
      if (answer === 'cut') {
        incoming.socket.destroy()
      } else if ('lines' in answer) {
        response.writeHead(200, { 'content-type': 'application/json' })
        response.end(answer.lines.map((line) => `${JSON.stringify(line)}\n`).join(''))
      } else {
        const body = typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body ?? {})
        response.writeHead(answer.status, answer.headers ?? {}).end(body)
      }
    })
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    close: () =>
      new Promise((done) => {
        server.closeAllConnections()
        server.close(() => {
          done()
        })
      }),
  }
}
