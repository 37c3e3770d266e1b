/** Workflow commands that mask these texts in every later line of the log. */
export function maskCommands(texts: readonly string[]): string {
  return texts.map((text) => `::add-mask::${escaped(text)}\n`).join('')
}

function escaped(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
}
