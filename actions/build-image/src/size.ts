import type { Parser } from '@alt-las/runner'

const units: Readonly<Record<string, number>> = {
  B: 1,
  KB: 1000,
  MB: 1000 ** 2,
  GB: 1000 ** 3,
  KiB: 1024,
  MiB: 1024 ** 2,
  GiB: 1024 ** 3,
}

/** `250MiB` or `1.5GB` in bytes. */
export const size: Parser<number> = (raw) => {
  const match = /^(\d+(?:\.\d+)?) ?([KMG]i?B|B)$/.exec(raw)
  const unit = units[match?.[2] ?? '']
  if (match === null || unit === undefined)
    throw new Error(`got ${JSON.stringify(raw)}, expected a size such as 250MiB or 1.5GB`)
  return Math.floor(Number(match[1]) * unit)
}
