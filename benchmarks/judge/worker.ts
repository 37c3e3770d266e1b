import { parentPort, workerData } from 'node:worker_threads'
import { tasksOf, type Size } from './goals.ts'

const tasks = tasksOf(workerData as Size)

// The number of a task comes in, its rows go out.
parentPort?.on('message', (index: number) => {
  parentPort?.postMessage(tasks[index]?.measure() ?? [])
})
