import { Failure } from '@alt-las/failure'
import type { Digest } from '../digest.ts'

/** `layout-missing`: no such directory or file. `layout-invalid`: not as the specification says. `layout-corrupt`: bytes and digest differ. */
export type LayoutCode = 'layout-missing' | 'layout-invalid' | 'layout-corrupt'

export function missing(file: string, cause: unknown): Failure<LayoutCode> {
  return new Failure('layout-missing', `cannot read ${file} of the oci layout`, {
    fault: 'input',
    cause,
    hint: 'give the directory that build-image names in its output `oci-layout`',
  })
}

export function invalid(file: string, what: string): Failure<LayoutCode> {
  return new Failure('layout-invalid', `${file} is not part of a valid oci layout: ${what}`, {
    fault: 'input',
  })
}

export function corrupt(file: string, what: string): Failure<LayoutCode> {
  return new Failure('layout-corrupt', `${file} is corrupt: ${what}`, {
    fault: 'input',
    hint: 'build the image again; the layout was changed or cut off after it was written',
  })
}

export function otherContent(file: string, seen: Digest): Failure<LayoutCode> {
  return corrupt(file, `its content has the digest ${seen}`)
}
