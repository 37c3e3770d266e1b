import { Failure } from '@alt-las/failure'
import type { Descriptor } from '../descriptor.ts'

/** Layers that may not be distributed: their manifest has their address, and registries and layouts omit them. */
export function isForeignLayer({ mediaType }: Descriptor): boolean {
  return /^application\/vnd\.(?:oci\.image\.layer\.nondistributable\.|docker\.image\.rootfs\.foreign\.)/.test(
    mediaType,
  )
}

export function foreignLayerMissing(
  { digest }: Descriptor,
  where: string,
  cause?: unknown,
): Failure<'foreign-layer'> {
  return new Failure(
    'foreign-layer',
    `${where} lacks the layer ${digest}, which may not be distributed (a foreign layer)`,
    {
      fault: 'input',
      cause,
      hint: 'build the image on a base without foreign layers; only push-image accepts a layout that leaves them out',
    },
  )
}
