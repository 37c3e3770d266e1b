import { Worker } from 'node:worker_threads'
import { tasksOf, type Row, type Size } from './goals.ts'

export interface Told {
  /** Rows in their order, as soon as all before them are there too. */
  readonly row: (row: Row) => void
  /** After each task: how much of the whole is done, 0..1. */
  readonly progress: (done: number) => void
}

/** Measures all that is asked for in so many threads. Every task has luck of its own, so the figures do not depend on who takes which. */
export async function measureAll(size: Size, threads: number, told: Told): Promise<readonly Row[]> {
  const tasks = tasksOf(size)
  const whole = tasks.reduce((sum, { effort }) => sum + effort, 0)
  const measured: (readonly Row[])[] = []
  let [taken, shown, done] = [0, 0, 0]
  const next = (): number | null => (taken < tasks.length ? taken++ : null)
  const arrived = (index: number, rows: readonly Row[]): void => {
    measured[index] = rows
    done += tasks[index]?.effort ?? 0
    for (let ready = measured[shown]; ready !== undefined; ready = measured[shown]) {
      ready.forEach(told.row)
      shown += 1
    }
    told.progress(done / whole)
  }
  await Promise.all(Array.from({ length: threads }, () => work(size, next, arrived)))
  return measured.flat()
}

/** One thread, from its first task until there is none left. Rejects with what a task throws. */
function work(
  size: Size,
  next: () => number | null,
  arrived: (index: number, rows: readonly Row[]) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    // Most of what a rollout makes is gone after a block: room for it saves collecting it.
    const limits = { maxYoungGenerationSizeMb: 64 }
    const worker = new Worker(new URL('worker.ts', import.meta.url), {
      workerData: size,
      resourceLimits: limits,
    })
    let index = next()
    const goOn = () => {
      if (index === null)
        void worker.terminate().then(() => {
          resolve()
        })
      else worker.postMessage(index)
    }
    worker.on('error', reject)
    worker.on('message', (rows: readonly Row[]) => {
      if (index !== null) arrived(index, rows)
      index = next()
      goOn()
    })
    goOn()
  })
}
