import { describe } from '@alt-las/failure'
import type { Host, Interruption } from './host.ts'

/** A step or a post step around its work: guarded, listening to signals, failed by what the work throws, and ended after a crash. */
export async function framed(
  host: Host,
  title: string,
  work: (interruption: Interruption) => Promise<void>,
): Promise<void> {
  host.guard()
  const interruption = host.listen()
  let isCrashed = false
  interruption.crashed.catch(() => {
    isCrashed = true
  })
  try {
    await work(interruption)
  } catch (error) {
    host.fail()
    host.annotate({ level: 'error', title, message: describe(error) })
  } finally {
    interruption.stop()
    if (isCrashed) host.exit()
  }
}
