/**
 * Wraps `start`, so that all it has started is closed after each test: `const start = closedAfter(afterEach, startRegistry)`.
 */
export function closedAfter<O, T extends { close(): Promise<void> }>(
  afterEach: (work: () => Promise<void>) => void,
  start: (options?: O) => Promise<T>,
): (options?: O) => Promise<T> {
  const running: T[] = []
  afterEach(async () => {
    for (const one of running.splice(0)) await one.close()
  })
  return async (options) => {
    const started = await start(options)
    running.push(started)
    return started
  }
}
