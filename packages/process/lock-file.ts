import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { errorCode } from '@alt-las/failure'

/**
 * Takes a lock without waiting; null while another process has it. Gives the function that lets it go. The lock of a process that ended is
 * taken over, also when its number lives on in another. Two that take over the same dead lock at the same instant may both get it: what
 * it protects must survive that.
 */
export function tryLock(path: string): (() => void) | null {
  mkdirSync(dirname(path), { recursive: true })
  const own = `${process.pid} ${birthOf(process.pid) ?? ''}`
  for (let tries = 0; tries < 3; tries += 1) {
    try {
      writeFileSync(path, own, { flag: 'wx' })
      return () => {
        if (holderOf(path) === own) rmSync(path, { force: true })
      }
    } catch (error) {
      if (errorCode(error) !== 'EEXIST') throw error
      if (isHeld(holderOf(path))) return null
      rmSync(path, { force: true })
    }
  }
  return null
}

/** Number and time of birth of the process that has a lock; empty where there is none. */
export function holderOf(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

function isHeld(holder: string): boolean {
  const [pid = '', born = ''] = holder.split(' ')
  return /^[1-9]\d{0,9}$/.test(pid) && birthOf(Number(pid)) === born
}

/** When a process was born, in the kernel's ticks; null for one that is gone, or dead and not yet waited for. */
export function birthOf(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return fields[0] === 'Z' || fields[0] === 'X' ? null : (fields[19] ?? null)
  } catch {
    return null
  }
}
