import { once } from 'node:events'
import { createServer, request } from 'node:http'
import { connect, type AddressInfo } from 'node:net'

export interface WireProxy {
  readonly url: string
  /** `CONNECT host:port` of each tunnel, and `GET http://…` of each plain request. */
  readonly asked: readonly string[]
  close(): void
}

/** A real HTTP proxy on the loopback. Whatever host is asked for, it goes to `target`: names of a test need no DNS. */
export async function startProxy(target: { readonly port: number }): Promise<WireProxy> {
  const asked: string[] = []
  const server = createServer((incoming, response) => {
    asked.push(`${incoming.method} ${incoming.url}`)
    const path = new URL(incoming.url ?? '').pathname
    const { method, headers } = incoming
    const outgoing = request({ host: '127.0.0.1', port: target.port, path, method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 0, answer.headers)
      answer.pipe(response)
    })
    outgoing.on('error', () => response.destroy())
    incoming.pipe(outgoing)
  })
  server.on('connect', (incoming, client) => {
    asked.push(`CONNECT ${incoming.url}`)
    const upstream = connect(target.port, '127.0.0.1', () => {
      client.write('HTTP/1.1 200 OK\r\n\r\n')
      upstream.pipe(client).pipe(upstream)
    })
    upstream.on('error', () => client.destroy())
    client.on('error', () => upstream.destroy())
    client.on('close', () => upstream.destroy())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    close: () => {
      server.closeAllConnections()
      server.close()
    },
  }
}
