import type { Clock } from '@alt-las/time'

/**
 * How long a value has been observed unchanged since it was accepted, in monotonic ms. Another runner begins at 0 again:
 * that is safe.
 */
export function settling<Value>(clock: Clock): (value: Value, agreed: boolean) => number {
  let last: { readonly value: Value; readonly since: number } | null = null
  return (value, agreed) => {
    if (last !== null && last.value === value) return clock.elapsed() - last.since
    last = agreed ? { value, since: clock.elapsed() } : null
    return 0
  }
}
