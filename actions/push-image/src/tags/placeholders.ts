/** The values for placeholders. */
export interface PlaceholderContext {
  /** `refs/tags/v1.2.3`, `refs/heads/main`, `refs/pull/7/merge`. */
  readonly ref: string
  readonly sha: string
  /** ms since 1970 */
  readonly now: number
}

const placeholder = /\{\{\s*(?:(branch|tag|sha)|date\s+'([^']*)')\s*\}\}/g
const dateParts = /YYYY|MM|DD|HH|mm|ss/g

/** Null if every placeholder is known, else the expectation. An unknown placeholder would become part of a tag. */
export function placeholderProblem(text: string): string | null {
  if (/[{}]/.test(text.replace(placeholder, '')))
    return "only the placeholders {{branch}}, {{tag}}, {{sha}} and {{date 'YYYYMMDD'}}"
  const formats = [...text.matchAll(placeholder)].map(([, , format = '']) => format)
  return formats.some((format) => /[a-z]/i.test(format.replace(dateParts, '')))
    ? 'only YYYY, MM, DD, HH, mm and ss in a date'
    : null
}

/** The text with its placeholders filled; null where one has no value here, such as {{branch}} for a tag. */
export function fillPlaceholders(text: string, context: PlaceholderContext): string | null {
  const values: Readonly<Record<string, string>> = {
    branch: after('refs/heads/', context.ref),
    tag: after('refs/tags/', context.ref),
    sha: context.sha.slice(0, 7),
  }
  let isComplete = true
  const filled = text.replace(placeholder, (_, name: string | undefined, format: string | undefined) => {
    const value = name === undefined ? formatDate(format ?? '', context.now) : (values[name] ?? '')
    if (value === '') isComplete = false
    return value
  })
  return isComplete ? filled : null
}

/** The rest of a ref after `refs/tags/` or `refs/heads/`; '' for a ref of another kind. */
export function after(start: string, ref: string): string {
  return ref.startsWith(start) ? ref.slice(start.length) : ''
}

function formatDate(format: string, now: number): string {
  const [year = '', month = '', day = '', hour = '', minute = '', second = ''] = new Date(now)
    .toISOString()
    .split(/[-T:.]/)
  const parts: Readonly<Record<string, string>> = {
    YYYY: year,
    MM: month,
    DD: day,
    HH: hour,
    mm: minute,
    ss: second,
  }
  return format.replace(dateParts, (part) => parts[part] ?? '')
}
