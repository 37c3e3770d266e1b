/** The last `lines` lines of a text, without trailing blank ones: the useful part of a long log. */
export function tail(text: string, lines = 20): string {
  return text.trimEnd().split('\n').slice(-lines).join('\n')
}
