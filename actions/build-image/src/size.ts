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

/** Bytes as a person reads them: `127.4 MiB`. */
export function formatSize(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`
  const [unit, name] =
    bytes < 1024 ** 2 ? [1024, 'KiB'] : bytes < 1024 ** 3 ? [1024 ** 2, 'MiB'] : [1024 ** 3, 'GiB']
  return `${(bytes / unit).toFixed(1)} ${name}`
}
