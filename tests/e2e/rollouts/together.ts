/**
 * Stories at one time. All of them come to their end before the failures are told: none goes on behind the back of the next case. Throws
 * an Error with what each of those that failed has to say.
 */
export async function together(stories: readonly Promise<unknown>[]): Promise<void> {
  const ends = await Promise.allSettled(stories)
  const broken = ends.flatMap((end) => (end.status === 'rejected' ? [messageOf(end.reason)] : []))
  if (broken.length > 0) throw new Error(broken.join('\n\n'))
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
