/** The result of `work`, or null as soon as the run is interrupted: the result is then not needed. */
export async function promptly<T>(work: Promise<T>, interrupted: AbortSignal): Promise<T | null> {
  if (interrupted.aborted) return work
  let stop = (): void => undefined
  const left = new Promise<null>((resolve) => {
    stop = () => {
      resolve(null)
    }
  })
  interrupted.addEventListener('abort', stop)
  // Later errors are ignored.
  work.catch(() => undefined)
  try {
    return await Promise.race([work, left])
  } finally {
    interrupted.removeEventListener('abort', stop)
  }
}
