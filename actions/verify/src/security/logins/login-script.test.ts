import { createHash } from 'node:crypto'
import { createServer as createHttp, type Server as HttpServer } from 'node:http'
import { mkdtemp, readFile } from 'node:fs/promises'
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from '@jest/globals'
import { systemProcess } from '@alt-las/process'
import { loginScript, type LoginAnswer, type LoginKind } from './login-script.ts'

const open: (Server | HttpServer)[] = []
afterEach(() => {
  for (const one of open.splice(0)) one.close()
})

async function listening(server: Server | HttpServer): Promise<number> {
  open.push(server)
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  return (server.address() as AddressInfo).port
}

/** The script as the probe runs it. */
async function tried(kind: LoginKind, port: number): Promise<LoginAnswer> {
  const message = join(await mkdtemp(join(tmpdir(), 'login-')), 'message')
  const asked = JSON.stringify([{ kind, host: '127.0.0.1', port }])
  const { stdout } = await systemProcess.run(process.execPath, ['-e', loginScript, '--', asked, message])
  const text = await readFile(message, 'utf8')
  expect(stdout.trim()).toBe(text)
  expect(text).not.toMatch(/prom-operator|"password"/)
  return (JSON.parse(text) as readonly [LoginAnswer])[0]
}

type Way = 'trust' | 'clear' | 'md5' | 'error'

/** A server of the first messages of PostgreSQL's protocol, whose one user is `postgres`. */
function postgres(way: Way, password: string): Server {
  const send = (socket: Socket, type: string, content: Buffer) => {
    const head = Buffer.alloc(5)
    head.write(type)
    head.writeInt32BE(content.length + 4, 1)
    socket.write(Buffer.concat([head, content]))
  }
  const int = (value: number) => {
    const bytes = Buffer.alloc(4)
    bytes.writeInt32BE(value)
    return bytes
  }
  const salt = Buffer.from('salt')
  const md5 = (...parts: readonly (string | Buffer)[]) =>
    createHash('md5')
      .update(Buffer.concat(parts.map((one) => Buffer.from(one))))
      .digest('hex')
  return createServer((socket) => {
    let user = ''
    socket.on('error', () => undefined)
    socket.on('data', (data) => {
      if (data.length === 8 && data.readInt32BE(4) === 80877103) return void socket.write('N')
      if (data[0] === 0x70) {
        const given = data.subarray(5, -1).toString()
        const wanted = way === 'md5' ? `md5${md5(md5(password, user), salt)}` : password
        if (user === 'postgres' && given === wanted) send(socket, 'R', int(0))
        else send(socket, 'E', Buffer.from('SFATAL\0C28P01\0Mno\0\0'))
        return
      }
      user = data.subarray(8).toString().split('\0')[1] ?? ''
      if (way === 'error') send(socket, 'E', Buffer.from('SFATAL\0C57P03\0Mstarting\0\0'))
      else if (way === 'trust') send(socket, 'R', int(0))
      else if (way === 'clear') send(socket, 'R', int(3))
      else send(socket, 'R', Buffer.concat([int(5), salt]))
    })
  })
}

describe('a login at PostgreSQL', () => {
  test.each<[Way, string, LoginAnswer['result'], string | undefined]>([
    ['clear', 'postgres', 'accepted', 'postgres'],
    ['clear', 'q7Zp1LxV9tB4', 'refused', undefined],
    ['md5', 'admin', 'accepted', 'postgres'],
    ['md5', 'q7Zp1LxV9tB4', 'refused', undefined],
    ['trust', '', 'open', 'postgres'],
    ['error', '', 'unclear', undefined],
  ])('by %s with the password "%s" is %s', async (way, password, result, user) => {
    const answer = await tried('postgresql', await listening(postgres(way, password)))
    expect([answer.result, answer.user]).toEqual([result, user])
  })
})

describe('a login over HTTP', () => {
  const serving = (password: string | null, kind: 'form' | 'basic') =>
    listening(
      createHttp((request, response) => {
        let body = ''
        request.on('data', (part) => (body += String(part)))
        request.on('end', () => {
          const isForm = request.url === '/login' && JSON.stringify({ user: 'admin', password }) === body
          const basic = `Basic ${Buffer.from(`admin:${password ?? ''}`).toString('base64')}`
          const isBasic = kind === 'basic' && request.headers.authorization === basic
          response.writeHead(password === null || isForm || isBasic ? 200 : 401).end()
        })
      }),
    )

  test.each<[LoginKind, string | null, LoginAnswer['result']]>([
    ['grafana', 'prom-operator', 'accepted'],
    ['grafana', 'q7Zp1LxV9tB4', 'refused'],
    ['grafana', null, 'open'],
    ['prometheus', 'admin', 'accepted'],
    ['prometheus', 'q7Zp1LxV9tB4', 'refused'],
    ['prometheus', null, 'open'],
  ])('of %s with the password "%s" is %s', async (kind, password, result) => {
    const port = await serving(password, kind === 'grafana' ? 'form' : 'basic')
    expect((await tried(kind, port)).result).toBe(result)
  })

  test('that nothing serves is unreachable, after some tries', async () => {
    expect(await tried('grafana', 1)).toEqual({ result: 'unreachable', detail: 'ECONNREFUSED' })
  })
})
