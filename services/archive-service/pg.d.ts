// The part of `pg` that this service uses: the service has no development dependencies of its own.
declare module 'pg' {
  export interface Result<Row> {
    readonly rows: readonly Row[]
  }

  export interface Client {
    query<Row>(sql: string, values?: readonly unknown[]): Promise<Result<Row>>
    release(destroy?: boolean): void
  }

  export interface PoolOptions {
    readonly host: string
    readonly port: number
    readonly user: string
    readonly database: string
    readonly password: () => string
    readonly max: number
    readonly connectionTimeoutMillis: number
    readonly idleTimeoutMillis: number
    readonly keepAlive: boolean
    readonly query_timeout: number
    readonly application_name: string
  }

  export class Pool {
    constructor(options: PoolOptions)
    query<Row>(sql: string, values?: readonly unknown[]): Promise<Result<Row>>
    connect(): Promise<Client>
    readonly totalCount: number
    readonly idleCount: number
    readonly waitingCount: number
    on(event: 'error', listener: (cause: Error) => void): this
    on(event: 'acquire', listener: (client: Client) => void): this
    on(event: 'release', listener: (cause: Error | undefined, client: Client) => void): this
    end(): Promise<void>
  }
}
