export const loginKinds = ['grafana', 'prometheus', 'postgresql'] as const
export type LoginKind = (typeof loginKinds)[number]

/** A login to try from inside the cluster, with the well-known pairs of the script alone. */
export interface LoginAttempt {
  readonly kind: LoginKind
  readonly host: string
  readonly port: number
}

export const loginResults = ['accepted', 'open', 'refused', 'unreachable', 'unclear'] as const

/** `accepted`: a well-known pair works. `open`: no password is asked for. `unreachable`: no connection. Never holds a password. */
export interface LoginAnswer {
  readonly result: (typeof loginResults)[number]
  /** The user of an accepted pair. */
  readonly user?: string
  readonly detail: string
}

/**
 * Runs as `node -e <script> -- <JSON of LoginAttempt[]> <path of the termination message>`. Three pairs for Grafana, which locks a user
 * after five wrong ones; at most five elsewhere. PostgreSQL's protocol is spoken by hand, since the image has node alone.
 */
export const loginScript = `
const net = require('node:net'), tls = require('node:tls'), http = require('node:http'), https = require('node:https'), fs = require('node:fs')
const { createHash, createHmac, pbkdf2Sync, randomBytes } = require('node:crypto')
const asked = JSON.parse(process.argv[1])
const pairs = {
  grafana: [['admin', 'admin'], ['admin', 'prom-operator'], ['admin', 'grafana']],
  prometheus: [['admin', 'admin'], ['admin', 'prometheus'], ['prometheus', 'prometheus'], ['admin', 'password']],
  postgresql: [['postgres', 'postgres'], ['postgres', 'password'], ['postgres', 'admin'], ['admin', 'admin'], ['root', 'root']],
}
const request = (secure, { host, port }, path, { method = 'GET', headers = {}, body } = {}) => new Promise((done, fail) => {
  const sent = (secure ? https : http).request({ host, port, path, method, headers, rejectUnauthorized: false, timeout: 5000 }, (answer) => {
    answer.resume()
    done({ status: answer.statusCode, secure })
  })
  sent.on('timeout', () => sent.destroy(Object.assign(new Error('no answer within 5 s'), { code: 'ETIMEDOUT' })))
  sent.on('error', fail)
  sent.end(body)
})
// A server of https answers plain HTTP with 400 or cuts the connection.
const speak = async (to, path) => {
  try {
    const plain = await request(false, to, path)
    if (plain.status !== 400) return plain
  } catch (error) {
    if (error.code !== 'ECONNRESET' && error.code !== 'HPE_INVALID_CONSTANT') throw error
  }
  return request(true, to, path)
}
const basic = ([user, password]) => 'Basic ' + Buffer.from(user + ':' + password).toString('base64')
const overHttp = async ({ kind, ...to }) => {
  const path = kind === 'grafana' ? '/api/org' : '/api/v1/status/buildinfo'
  const first = await speak(to, path)
  if (first.status === 200) return { result: 'open', detail: 'GET ' + path + ' needs no login' }
  if (first.status !== 401 && first.status !== 403) return { result: 'unclear', detail: 'GET ' + path + ' answered ' + first.status }
  for (const [user, password] of pairs[kind]) {
    const login = JSON.stringify({ user, password })
    const { status } = kind === 'grafana'
      ? await request(first.secure, to, '/login', { method: 'POST', body: login, headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(login) } })
      : await request(first.secure, to, path, { headers: { authorization: basic([user, password]) } })
    if (status === 200) return { result: 'accepted', user, detail: 'a well-known password works' }
    if (status === 429) return { result: 'unclear', detail: 'the server limits logins' }
  }
  return { result: 'refused', detail: pairs[kind].length + ' well-known passwords are refused' }
}
const text = (value) => Buffer.concat([Buffer.from(value), Buffer.of(0)])
const int = (value) => { const bytes = Buffer.alloc(4); bytes.writeInt32BE(value); return bytes }
const message = (type, content) => Buffer.concat([Buffer.from(type), int(content.length + 4), content])
const hmac = (key, data) => createHmac('sha256', key).update(data).digest()
const md5 = (...parts) => createHash('md5').update(Buffer.concat(parts.map((one) => Buffer.from(one)))).digest('hex')
const reader = (socket) => {
  let bytes = Buffer.alloc(0), wake = () => {}, over = null
  socket.on('data', (part) => { bytes = Buffer.concat([bytes, part]); wake() })
  socket.on('error', (error) => { over = error; wake() })
  socket.on('timeout', () => socket.destroy(Object.assign(new Error('no answer within 5 s'), { code: 'ETIMEDOUT' })))
  socket.on('close', () => { over ??= new Error('the connection was closed'); wake() })
  return async (count) => {
    while (bytes.length < count) {
      if (over !== null) throw over
      if (count > 65536) throw new Error('the answer is too long')
      await new Promise((done) => { wake = done })
    }
    const taken = bytes.subarray(0, count)
    bytes = bytes.subarray(count)
    return taken
  }
}
const connected = (socket, event) => new Promise((done, fail) => {
  socket.once(event, done)
  socket.once('error', fail)
  socket.once('timeout', () => socket.destroy(Object.assign(new Error('no connection within 5 s'), { code: 'ETIMEDOUT' })))
})
const open = async ({ host, port }) => {
  const plain = net.connect({ host, port, timeout: 5000 })
  await connected(plain, 'connect')
  plain.write(Buffer.concat([int(8), int(80877103)]))
  const answer = await new Promise((done, fail) => { plain.once('data', done); plain.once('error', fail); plain.once('close', () => fail(new Error('the connection was closed'))) })
  if (answer[0] !== 83) return plain
  const secure = tls.connect({ socket: plain, rejectUnauthorized: false })
  await connected(secure, 'secureConnect')
  return secure
}
const login = async (to, [user, password]) => {
  const socket = await open(to)
  const read = reader(socket)
  const send = (type, content) => socket.write(message(type, content))
  const start = Buffer.concat([int(196608), text('user'), text(user), text('database'), text('postgres'), Buffer.of(0)])
  socket.write(Buffer.concat([int(start.length + 4), start]))
  const scram = { bare: 'n=,r=' + randomBytes(18).toString('base64') }
  try {
    for (let asks = 0; asks < 10; asks += 1) {
      const head = await read(5)
      const content = await read(head.readInt32BE(1) - 4)
      const type = String.fromCharCode(head[0])
      if (type === 'E') {
        const code = /\\0C([0-9A-Z]{5})/.exec('\\0' + content.toString('latin1'))?.[1] ?? ''
        // A missing database is found after the password was accepted.
        if (code === '3D000') return asks > 0 ? 'accepted' : 'open'
        return code.startsWith('28') ? 'refused' : 'error ' + code
      }
      if (type !== 'R') return 'an unknown answer'
      const kind = content.readInt32BE(0)
      if (kind === 0) return asks > 0 ? 'accepted' : 'open'
      if (kind === 3) send('p', text(password))
      else if (kind === 5) send('p', text('md5' + md5(md5(password, user), content.subarray(4, 8))))
      else if (kind === 10) {
        const first = Buffer.from('n,,' + scram.bare)
        send('p', Buffer.concat([text('SCRAM-SHA-256'), int(first.length), first]))
      } else if (kind === 11) {
        const server = content.subarray(4).toString()
        const part = (name) => server.split(',').find((one) => one.startsWith(name + '='))?.slice(2) ?? ''
        const rounds = Number(part('i'))
        if (!(rounds > 0 && rounds <= 100000)) return 'an unknown answer'
        const salted = pbkdf2Sync(password, Buffer.from(part('s'), 'base64'), rounds, 32, 'sha256')
        const key = hmac(salted, 'Client Key')
        const end = 'c=biws,r=' + part('r')
        const signature = hmac(createHash('sha256').update(key).digest(), scram.bare + ',' + server + ',' + end)
        send('p', Buffer.from(end + ',p=' + Buffer.from(key.map((byte, at) => byte ^ signature[at])).toString('base64')))
      } else if (kind !== 12) return 'an unknown way to log in'
    }
    return 'an unknown answer'
  } finally {
    socket.destroy()
  }
}
const overPostgres = async (to) => {
  let unclear = null
  for (const pair of pairs.postgresql) {
    const result = await login(to, pair)
    if (result === 'accepted') return { result, user: pair[0], detail: 'a well-known password works' }
    if (result === 'open') return { result, user: pair[0], detail: 'no password is asked for' }
    if (result !== 'refused') unclear ??= result
  }
  if (unclear !== null) return { result: 'unclear', detail: 'the server answered: ' + unclear }
  return { result: 'refused', detail: pairs.postgresql.length + ' well-known passwords are refused' }
}
const unreachable = ['ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH', 'ETIMEDOUT', 'EACCES', 'EPERM', 'ENOTFOUND', 'EAI_AGAIN']
const attempt = async (one) => {
  // The network of a new pod may need a moment.
  for (let tries = 1; ; tries += 1) {
    try {
      return await (one.kind === 'postgresql' ? overPostgres(one) : overHttp(one))
    } catch (error) {
      const code = String(error.code ?? error.message)
      if (!unreachable.includes(code)) return { result: 'unclear', detail: code }
      if (tries === 4) return { result: 'unreachable', detail: code }
      await new Promise((done) => setTimeout(done, 1000))
    }
  }
}
const main = async () => {
  const answers = JSON.stringify(await Promise.all(asked.map(attempt)))
  console.log(answers)
  // Where the message cannot be written, a failing container's last log lines become its message.
  try { fs.writeFileSync(process.argv[2], answers) } catch { process.exitCode = 3 }
}
main()
`.trim()
