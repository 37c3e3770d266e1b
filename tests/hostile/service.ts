// A hostile service, run as it is by node: `node service.ts PORT ELSEWHERE`, where ELSEWHERE is a URL of another host.
import { createServer, type ServerResponse } from 'node:http'

const [port = '8080', elsewhere = ''] = process.argv.slice(2)

/** Where it is served below a gateway, the path begins with this prefix. */
const prefix = /^\/hostile/
const word = `${'a'.repeat(60)}!`
const slow = {
  openapi: '3.1.0',
  paths: { '/word': { get: documented({ type: 'string', pattern: '^(?=(a+)+$)' }) } },
}

const answers: Readonly<Record<string, (answer: ServerResponse) => void>> = {
  '/readyz': (answer) => answer.end(),
  '/good': (answer) => json(answer, { name: 'a' }),
  '/word': (answer) => json(answer, word),
  '/slow.json': (answer) => json(answer, slow),
  '/bomb.yaml': (answer) => answer.end(bomb()),
  '/nested.json': (answer) => answer.end(`${'['.repeat(500)}${']'.repeat(500)}`),
  '/away': (answer) => answer.writeHead(302, { location: elsewhere }).end(),
  '/endless': endless,
  '/crash': (answer) => {
    answer.writeHead(200, { 'content-length': '1000' }).write('half', () => process.exit(1))
  },
}

const server = createServer((asked, answer) => {
  const path = (asked.url ?? '').replace(prefix, '')
  const given = answers[path]
  if (given === undefined) answer.writeHead(404).end()
  else given(answer)
})
// The client does not see the end of an idle connection while it checks a slow pattern.
server.keepAliveTimeout = 60_000
server.listen(Number(port))

function json(answer: ServerResponse, value: unknown): void {
  answer.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(value))
}

function endless(answer: ServerResponse): void {
  const part = Buffer.alloc(1 << 20, 'x')
  const more = () => {
    while (!answer.destroyed && answer.write(part));
  }
  answer.on('drain', more)
  more()
}

/** A kilobyte of YAML that becomes ten million entries. */
function bomb(): string {
  const levels = [...'bcdefgh'].map(
    (name, i) => `${name}: &${name} [${`*${'abcdefgh'[i] ?? ''},`.repeat(10)}]\n`,
  )
  return `openapi: 3.0.0\na: &a [${'x,'.repeat(10)}]\n${levels.join('')}`
}

function documented(schema: object): object {
  return { responses: { 200: { content: { 'application/json': { schema } } } } }
}
