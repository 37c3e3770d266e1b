/** Does `work` for each item, `width` at a time. After the first error nothing new begins; running work is awaited. */
export async function inParallel<T>(
  items: readonly T[],
  width: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const rest = [...items]
  let stopped = false
  const lane = async (): Promise<void> => {
    for (let item = rest.shift(); item !== undefined && !stopped; item = rest.shift()) {
      try {
        await work(item)
      } catch (error) {
        stopped = true
        throw error
      }
    }
  }
  const ended = await Promise.allSettled(Array.from({ length: Math.min(width, items.length) }, lane))
  const failed = ended.find((one) => one.status === 'rejected')
  if (failed !== undefined) throw failed.reason
}
