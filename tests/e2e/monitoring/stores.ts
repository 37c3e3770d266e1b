import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fetchAll, systemHttp } from '@alt-las/http'
import type { Stack } from '../stack.ts'

/** The stores of production's monitoring. Every question is answered for the last `minutes`. */
export interface Stores {
  /** Number of series, each with at least one sample. Throws with what the store said. */
  ask(source: 'prometheus' | 'loki', query: string, minutes: number): Promise<number>
  close(): void
}

interface Answer {
  readonly status: string
  readonly error?: string
  readonly data?: { readonly result: readonly { readonly values?: readonly unknown[] }[] }
}

/** Prometheus through the API server, as the judge asks it; Loki by the client certificate, as Grafana does. */
export async function openStores(stack: Stack): Promise<Stores> {
  const secret = await stack.get<{ readonly data: Readonly<Record<string, string>> }>(
    'secret',
    'monitoring-client',
    '--namespace',
    'atlas-production',
  )
  const text = (key: string) => Buffer.from(secret.data[key] ?? '', 'base64').toString()
  const service = await stack.get<{ readonly spec: { readonly clusterIP: string } }>(
    'service',
    'loki',
    '--namespace',
    'atlas-production',
  )
  const http = systemHttp({
    ca: text('ca.crt'),
    certificate: text('tls.crt'),
    key: text('tls.key'),
    serverName: 'loki',
  })
  return {
    ask: async (source, query, minutes) => {
      const now = Date.now() / 1000
      const range = new URLSearchParams({
        query,
        start: String(Math.floor(now - minutes * 60)),
        end: String(Math.floor(now)),
        step: '15',
      })
      const answer = source === 'loki' ? await loki(range) : await prometheus(range)
      return (answer.data?.result ?? []).filter(({ values = [] }) => values.length > 0).length
    },
    close: () => {
      http.close()
    },
  }

  async function prometheus(range: URLSearchParams): Promise<Answer> {
    const path = '/api/v1/namespaces/atlas-production/services/prometheus:9090/proxy/api/v1/query_range'
    return JSON.parse(await stack.kubectl('get', '--raw', `${path}?${range}`)) as Answer
  }

  async function loki(range: URLSearchParams): Promise<Answer> {
    range.set('start', `${range.get('start') ?? ''}000000000`)
    range.set('end', `${range.get('end') ?? ''}000000000`)
    const url = new URL(`https://${service.spec.clusterIP}:3100/loki/api/v1/query_range?${range}`)
    const { status, bytes } = await fetchAll(http, { method: 'GET', url })
    const said = Buffer.from(bytes).toString()
    if (status !== 200) throw new Error(`Loki answered ${status}: ${said.slice(0, 300)}`)
    return JSON.parse(said) as Answer
  }
}

/** The messages that have arrived at the lab's receiver, oldest first. */
export function received(stack: Stack): readonly { readonly to: string; readonly message: unknown }[] {
  const log = readFileSync(join(stack.home, 'logs/receiver.log'), 'utf8')
  return log
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as { readonly to: string; readonly message: unknown })
}
