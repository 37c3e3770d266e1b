/** Bytes as a person reads them, in binary units as image limits have them: `512 B`, `127.4 MiB`. */
export function formatSize(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`
  const [unit, name] =
    bytes < 1024 ** 2 ? [1024, 'KiB'] : bytes < 1024 ** 3 ? [1024 ** 2, 'MiB'] : [1024 ** 3, 'GiB']
  return `${(bytes / unit).toFixed(1)} ${name}`
}
