/** A connection to try from inside the cluster. */
export interface Connection {
  /** The workload whose labels the probe carries; null = a pod without any workload's labels. */
  readonly from: string | null
  /** As a pod would write it: `postgres`, `postgres.other-namespace`, or a full name. */
  readonly host: string
  readonly port: number
}

const form = /^(?:([a-z0-9][a-z0-9.-]*)\s*->\s*)?([a-zA-Z0-9][a-zA-Z0-9.-]*):(\d{1,5})$/

/** `postgres:5432` or `archive-service -> postgres:5432`; throws an Error for any other text. */
export function parseConnection(text: string): Connection {
  const [, from, host = '', port = ''] = form.exec(text) ?? []
  const number = Number(port)
  if (host === '' || number < 1 || number > 65_535)
    throw new Error(`got ${JSON.stringify(text)}, expected host:port, or workload -> host:port`)
  return { from: from ?? null, host, port: number }
}

export function formatConnection({ from, host, port }: Connection): string {
  return `${from ?? 'a pod without labels'} -> ${host}:${port}`
}
