/** Does `work` for each item, `width` at a time. After the first error nothing new begins; running work is awaited. */
export async function inParallel<T>(
  items: readonly T[],
  width: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  await sieve(
    items,
    width,
    async (item) => {
      await work(item)
      return false
    },
    () => Promise.resolve(),
  )
}

/**
 * Asks `keep` for each item, `width` at a time, and does `work` for those it keeps, `width` at a time too, as soon as the first one is
 * known. After the first error nothing new begins; running work is awaited.
 */
export async function sieve<T>(
  items: readonly T[],
  width: number,
  keep: (item: T) => Promise<boolean>,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const unasked = [...items]
  const kept: T[] = []
  const lanes: Promise<void>[] = []
  let working = 0
  let failure: { readonly error: unknown } | null = null

  const guarded = async (lane: Promise<void>): Promise<void> => {
    await lane.catch((error: unknown) => {
      failure ??= { error }
    })
  }
  const workLane = async (): Promise<void> => {
    working += 1
    try {
      for (let item = kept.shift(); item !== undefined && failure === null; item = kept.shift())
        await work(item)
    } finally {
      // In the same turn as the last look at `kept`: what is kept later finds this lane gone.
      working -= 1
    }
  }
  const askLane = async (): Promise<void> => {
    for (let item = unasked.shift(); item !== undefined && failure === null; item = unasked.shift()) {
      if (!(await keep(item))) continue
      kept.push(item)
      if (working < width) lanes.push(guarded(workLane()))
    }
  }
  await Promise.all(Array.from({ length: Math.min(width, items.length) }, () => guarded(askLane())))
  await Promise.all(lanes)
  if (failure !== null) throw (failure as { readonly error: unknown }).error
}
