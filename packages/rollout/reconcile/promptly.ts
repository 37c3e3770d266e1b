/** What `work` gives, or null as soon as the run is interrupted: what it was about does not matter any more. */
export async function promptly<T>(work: Promise<T>, interrupted: AbortSignal): Promise<T | null> {
  if (interrupted.aborted) return work
  let stop = (): void => undefined
  const left = new Promise<null>((resolve) => {
    stop = () => {
      resolve(null)
    }
  })
  interrupted.addEventListener('abort', stop)
  // Nobody hears of what goes wrong afterwards.
  work.catch(() => undefined)
  try {
    return await Promise.race([work, left])
  } finally {
    interrupted.removeEventListener('abort', stop)
  }
}
