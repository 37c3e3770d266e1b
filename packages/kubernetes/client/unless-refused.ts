import { Failure } from '@alt-las/failure'

/** `forbidden`: the credentials may not read it. `not-found`: the cluster does not know the kind. */
type Refused = 'forbidden' | 'not-found'

/** What a read gives, or what stands for it where the API server refuses it by a code that `otherwise` names; any other error stops. */
export async function unlessRefused<T, R>(
  read: () => Promise<T>,
  otherwise: Readonly<Partial<Record<Refused, R>>>,
): Promise<T | R> {
  try {
    return await read()
  } catch (error) {
    if (!(error instanceof Failure) || !isRefused(error.code) || !(error.code in otherwise)) throw error
    return otherwise[error.code] as R
  }
}

const isRefused = (code: string): code is Refused => code === 'forbidden' || code === 'not-found'
