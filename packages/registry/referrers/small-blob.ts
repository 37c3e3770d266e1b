import { Failure } from '@alt-las/failure'
import { readAll } from '@alt-las/http'
import type { Repository } from '../client/repository.ts'
import type { Descriptor } from '../descriptor.ts'
import { digestOf } from '../digest.ts'

/** The verified bytes of a blob that fits into memory. Throws Failure `registry-broken` for one over `most` bytes, or with other bytes. */
export async function readSmallBlob(
  repository: Pick<Repository, 'name' | 'readBlob'>,
  { digest, size }: Pick<Descriptor, 'digest' | 'size'>,
  most: number,
): Promise<Uint8Array> {
  if (size > most) throw broken(repository, `has ${size} bytes in ${digest}, expected at most ${most}`)
  const url = new URL(`https://${repository.name}`)
  const bytes = await repository.readBlob(digest, (body) => readAll({ url, body }, size))
  if (digestOf(bytes) !== digest) throw broken(repository, `sends different content for ${digest}`)
  return bytes
}

function broken({ name }: Pick<Repository, 'name'>, what: string): Failure<'registry-broken'> {
  return new Failure('registry-broken', `${name} ${what}`, { fault: 'outside' })
}
