// The only place that makes foreign text harmless in GitHub's Markdown: the text is shown, and is no markup, link, image, mention
// or line of its own.

const lineEnds = /[\s\u0085]+/g
/** What is left of an invisible character is nothing that a person misses; one that turns the text round can forge another. */
const invisible = /[\p{Cc}\p{Cf}]/gu
/** Text that GitHub turns into a link, a mention, a reference or a formula, even between entities; never in code. */
const live = /@[\w-]|:\/\/|www\.|(?:mailto|xmpp):|#\d|GH-\d|\$/i
const around = '()[]{}<>.,:;!?"\''
/** Maximum characters of one text: a longer one is not useful. */
const longest = 8000

/** Text of a paragraph, a heading, an item or a cell. */
export function inlineText(text: string, place: 'line' | 'cell' = 'line'): string {
  const words = flat(text)
    .split(' ')
    .map((word) => inlineWord(word, place))
  // Characters that would begin a list, a heading or a rule.
  const line = words.join(' ')
  return place === 'cell' ? line : line.replace(/^(?:[-+=#]|\d+(?=[.)](?: |$)))/, (start) => entities(start))
}

/** Text as code: no part of it is active. */
export function inlineCode(text: string, place: 'line' | 'cell' = 'line'): string {
  const shown = flat(text)
  if (shown === '') return ''
  // In a cell a pipe needs a backslash, which a backslash before it would undo: code spans cannot distinguish the two.
  if (place === 'cell' && /\\\|/.test(shown)) return htmlCode(shown)
  const fence = fenceFor(shown, 1)
  const isPadded = /^[` ]|[` ]$/.test(shown)
  const code = isPadded ? `${fence} ${shown} ${fence}` : `${fence}${shown}${fence}`
  return place === 'cell' ? code.replaceAll('|', '\\|') : code
}

/** Text inside an HTML block, where Markdown is not read but GitHub still looks for mentions. */
export function htmlText(text: string): string {
  return flat(text)
    .split(' ')
    .map((word) => (live.test(word) ? htmlCode(word) : word.replace(/[<>&"]/g, entities)))
    .join(' ')
}

/** A link to an https or http address; its text alone if the address is invalid. */
export function link(text: string, href: string, place: 'line' | 'cell' = 'line'): string {
  const url = /^https?:\/\//i.test(href) && URL.canParse(href) ? new URL(href) : null
  if (url === null || url.username !== '' || url.password !== '') return inlineText(text, place)
  // Percent signs keep the address the same, and leave nothing that could end it.
  const address = url.href.replace(/[^\w\-.~:/?#@!$+,;=%&]/g, (one) =>
    encodeURIComponent(one).replace(/[()*'!~]/g, percent),
  )
  return `[${flat(text).replace(/[^A-Za-z\d .,:;()-]/g, entities)}](<${address.replaceAll('&', '&amp;')}>)`
}

/** Lines of a code block: GitHub accepts every kind of line end. */
export function fencedCode(language: string, text: string): string {
  const lines = text.replace(/\r\n|[\r\u0085\u2028\u2029]/g, '\n').replaceAll('\0', '')
  const fence = fenceFor(lines, 3)
  return `${fence}${language}\n${lines}\n${fence}`
}

function inlineWord(word: string, place: 'line' | 'cell'): string {
  if (!live.test(word)) return escaped(word)
  let [from, to] = [0, word.length]
  while (from < to && around.includes(word.charAt(from))) from += 1
  while (to > from && around.includes(word.charAt(to - 1))) to -= 1
  const inner = word.slice(from, to)
  // With what stands around it, unless that is a part of it: `(see @team)` and `#1`.
  if (!live.test(inner)) return inlineCode(word, place)
  return escaped(word.slice(0, from)) + inlineCode(inner, place) + escaped(word.slice(to))
}

function flat(text: string): string {
  const short = text.length > longest ? `${text.slice(0, longest)}…` : text
  return short.toWellFormed().replace(lineEnds, ' ').replace(invisible, '').trim()
}

// An entity is never structure: before a pipe, a table would read a backslash twice.
function escaped(text: string): string {
  return text.replace(/[<>&|]/g, entities).replace(/[\\`*_[\]~]/g, '\\$&')
}

function entities(text: string): string {
  return text.replace(
    /[\0-\x7f]/g,
    (one) => named.get(one) ?? (/[A-Za-z ]/.test(one) ? one : `&#${one.charCodeAt(0)};`),
  )
}

const named = new Map([
  ['<', '&lt;'],
  ['>', '&gt;'],
  ['&', '&amp;'],
])

function htmlCode(text: string): string {
  // An entity is text again where links are looked for: the first letter after the sign stands apart.
  const parts = text.replace(/@|:(?=\/\/)|\./g, '$&\u200b')
  return `<code>${entities(parts)}</code>`
}

function fenceFor(text: string, shortest: number): string {
  const runs = text.match(/`+/g) ?? []
  return '`'.repeat(Math.max(shortest, runs.reduce((longest, run) => Math.max(longest, run.length), 0) + 1))
}

function percent(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase()}`
}
