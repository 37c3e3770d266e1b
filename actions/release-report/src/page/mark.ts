import type { Mark } from '../checklist/step.ts'
import { html, type Html } from './html.ts'

const shapes: Readonly<Record<Mark, Html>> = {
  passed: html`<path d="M3 8.5l3.5 3.5L13 4.5" />`,
  refused: html`<path d="M4 4l8 8M12 4l-8 8" />`,
  failed: html`<path d="M8 2.5v7M8 13v.5" />`,
  'brought-back': html`<path d="M6 4L3 7l3 3M3.5 7H10a3 3 0 0 1 0 6H8" />`,
  missing: html`<path d="M5.5 6a2.5 2.5 0 1 1 3.6 2.2C8.3 8.6 8 9 8 10M8 13v.3" />`,
  'not-reached': html`<path d="M4 8h8" />`,
  'not-planned': html`<path d="M7.5 8h1" />`,
}

export const markNames: Readonly<Record<Mark, string>> = {
  passed: 'passed',
  refused: 'said no',
  failed: 'could not be done',
  'brought-back': 'rolled back with the release',
  missing: 'no evidence',
  'not-reached': 'not reached',
  'not-planned': 'not planned',
}

/** A round icon with its meaning as text, for screen readers. */
export function mark(of: Mark, options: { readonly title?: string; readonly small?: boolean } = {}): Html {
  const title = options.title ?? markNames[of]
  const size = options.small === true ? 'small ' : ''
  return html`<span class="${size}mark is-${of}" role="img" aria-label="${title}" title="${title}"
    ><svg
      viewBox="0 0 16 16"
      fill="none"
      stroke="currentColor"
      stroke-width="2.2"
      stroke-linecap="round"
      stroke-linejoin="round"
    >
      ${shapes[of]}
    </svg></span
  >`
}
