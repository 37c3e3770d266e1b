export type Args = Readonly<Record<string, unknown>>
export type Result = Readonly<Record<string, unknown>>

/** One kind of work. `check` answers what is wrong with the arguments, or `null`. */
export interface Task {
  readonly check: (args: Args) => string | null
  readonly run: (args: Args) => Promise<Result>
}

export interface Job {
  readonly id: string
  readonly name: string
  readonly status: 'queued' | 'running' | 'succeeded' | 'failed'
  /** ISO 8601, as is `finishedAt`. */
  readonly createdAt: string
  readonly finishedAt: string | null
  readonly result: Result | null
  readonly error: string | null
}

export type Started =
  | { readonly kind: 'started'; readonly job: Job }
  | { readonly kind: 'refused'; readonly because: string }
  | { readonly kind: 'full'; readonly because: string }

export interface Jobs {
  start(name: string, args: Args): Started
  find(id: string): Job | null
  /** The newest first. */
  list(): readonly Job[]
  /** Resolves when nothing is queued or running. */
  idle(): Promise<void>
}

export interface Limits {
  readonly tasks: Readonly<Record<string, Task>>
  readonly parallel: number
  /** How many jobs are remembered; finished ones are forgotten first, the oldest first. */
  readonly kept: number
}

export interface JobPorts {
  readonly newId: () => string
  readonly now: () => string
}

/** Jobs in the memory of this process: one replica holds them all, and a restart forgets them. */
export function jobs({ tasks, parallel, kept }: Limits, { newId, now }: JobPorts): Jobs {
  const known = new Map<string, Job>()
  const waiting: (() => Promise<void>)[] = []
  let running = 0
  let idlers: (() => void)[] = []

  const change = (id: string, changed: Partial<Job>): void => {
    const job = known.get(id)
    if (job !== undefined) known.set(id, { ...job, ...changed })
  }
  const next = (): void => {
    while (running < parallel) {
      const run = waiting.shift()
      if (run === undefined) break
      running += 1
      void run().finally(() => {
        running -= 1
        next()
      })
    }
    if (running > 0) return
    for (const notify of idlers) notify()
    idlers = []
  }
  const execute = async (id: string, task: Task, args: Args): Promise<void> => {
    change(id, { status: 'running' })
    try {
      const result = await task.run(args)
      change(id, { status: 'succeeded', finishedAt: now(), result })
    } catch (cause) {
      change(id, {
        status: 'failed',
        finishedAt: now(),
        error: cause instanceof Error ? cause.message : String(cause),
      })
    }
  }

  return {
    start(name, args) {
      const task = Object.hasOwn(tasks, name) ? tasks[name] : undefined
      if (task === undefined)
        return refused(`name: got ${JSON.stringify(name)}, expected ${Object.keys(tasks).join(', ')}`)
      const fault = task.check(args)
      if (fault !== null) return refused(fault)
      if (!makeRoom(known, kept))
        return { kind: 'full', because: `${kept} jobs are under way already, expected fewer` }
      const id = newId()
      known.set(id, {
        id,
        name,
        status: 'queued',
        createdAt: now(),
        finishedAt: null,
        result: null,
        error: null,
      })
      const job = known.get(id) as Job
      waiting.push(() => execute(id, task, args))
      next()
      return { kind: 'started', job }
    },
    find: (id) => known.get(id) ?? null,
    list: () => [...known.values()].reverse(),
    idle: () =>
      running === 0 && waiting.length === 0
        ? Promise.resolve()
        : new Promise((resolve) => idlers.push(resolve)),
  }
}

function makeRoom(known: Map<string, Job>, kept: number): boolean {
  if (known.size < kept) return true
  const oldest = [...known.values()].find(({ finishedAt }) => finishedAt !== null)
  return oldest !== undefined && known.delete(oldest.id)
}

function refused(because: string): Started {
  return { kind: 'refused', because }
}
