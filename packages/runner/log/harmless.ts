// The only place that makes a text harmless for the log. GitHub's runner reads every line of a step's stdout and stderr: `::x::` at its
// start, after blanks and characters that its comparison ignores, and `##[x]` anywhere are commands to it.

/** Ends of a line for the runner, a terminal or a browser. */
const lineEnds = /\r\n|[\n\r\v\f\u0085\u2028\u2029]/
/** Control characters but the tab and the escape of colours. */
const controls = /[\0-\x08\x0e-\x1a\x1c-\x1f\x7f-\x9f]/g
// Colours, and the invisible characters that a comparison by language skips: a soft hyphen, a zero-width space, an accent without a letter.
const colour = String.raw`\x1b\[[\d;]*m`
const skipped = String.raw`(?:${colour}|[\p{C}\p{M}])`
const legacyCommand = new RegExp(`#(${skipped}*)#${skipped}*\\[`, 'gu')
const blank = String.raw`(?:${colour}|[\p{C}\p{M}\p{Z}\s])`
const command = new RegExp(`^(${blank}*:)(?=${skipped}*:)`, 'u')

/** Maximum characters of a line: a longer one is not useful. */
const longest = 16_000

/** A text as one line that is not a command. */
export function harmlessLine(text: string): string {
  return cut(harmlessLines(text.slice(0, 2 * longest)).join(' '))
}

/** The lines of a text without blank ones; none is a command, and none is longer than 16,000 characters. */
export function harmlessLines(text: string): readonly string[] {
  return text
    .split(lineEnds)
    .map(harmless)
    .filter((line) => line.trim() !== '')
}

function harmless(line: string): string {
  return cut(line).replace(controls, '').trimEnd().replace(legacyCommand, '#$1# [').replace(command, '$1 ')
}

function cut(text: string): string {
  return text.length > longest ? `${text.slice(0, longest)}…` : text
}
