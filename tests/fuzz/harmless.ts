import { must } from './harness.ts'

/** Foreign text may stand in a page, but none of it is markup or a link that runs something. */
export function harmless(page: string): void {
  must(!page.includes('<script'), 'a script stands in it')
  must(!/href=["']?\s*javascript:/i.test(page), 'a link runs a script')
}

/** The same of Markdown, where markup within code is shown as it is. */
export function harmlessMarkdown(text: string): void {
  const prose = text.replaceAll(/(?<!\\)`[^`]*`/g, '')
  harmless(prose)
  // In a page of HTML these characters are text.
  must(!/(?<!\\)\]\(\s*javascript:/i.test(prose), 'a link runs a script')
}
