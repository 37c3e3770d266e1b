/** Hides a value in every later line of the log; each line of it, since the log is masked line by line. */
export function maskCommands(value: string): string {
  return value
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '')
    .map((line) => `::add-mask::${line.replaceAll('%', '%25')}\n`)
    .join('')
}
