import { randomBytes } from 'node:crypto'
import net from 'node:net'
import { Failure } from '@alt-las/failure'
import { clientHello, readServerAnswer } from './client-hello.ts'

export interface Endpoint {
  readonly host: string
  readonly port: number
}

const timeoutMs = 10_000
const mostBytes = 16 * 1024

/**
 * The suite that a server chooses of these, of TLS 1.2 and older; null: it refuses them all. Throws Failure `unreachable` where the server does
 * not answer in TLS.
 */
export function offerSuites({ host, port }: Endpoint, suites: readonly number[]): Promise<number | null> {
  return new Promise((resolve, reject) => {
    const socket = net.connect({ host, port, timeout: timeoutMs })
    let received = Buffer.of()
    const end = (done: () => void) => {
      socket.destroy()
      done()
    }
    const fail = (cause: Error) => {
      const text = `${host}:${port} did not answer an offer of cipher suites`
      end(() => {
        reject(new Failure('unreachable', text, { fault: 'outside', cause }))
      })
    }
    socket.on('connect', () => {
      const name = net.isIP(host) === 0 ? host : null
      socket.write(clientHello(suites, { host: name, random: randomBytes(32) }))
    })
    socket.on('timeout', () => {
      fail(new Error(`no answer within ${timeoutMs / 1000} s`))
    })
    socket.on('error', (error) => {
      // Some servers cut the connection instead of sending an alert.
      if ('code' in error && error.code === 'ECONNRESET' && socket.bytesWritten > 0) closed()
      else fail(error)
    })
    const closed = () => {
      end(() => {
        resolve(null)
      })
    }
    socket.on('end', closed)
    socket.on('data', (part: Buffer) => {
      received = Buffer.concat([received, part])
      try {
        const answer = readServerAnswer(received)
        if (answer === null && received.length < mostBytes) return
        end(() => {
          resolve(answer?.kind === 'chosen' ? answer.suite : null)
        })
      } catch (error) {
        fail(error as Error)
      }
    })
  })
}
