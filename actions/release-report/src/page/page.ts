import type { ReleaseFacts } from '../outcome.ts'
import { checklistSection } from './checklist-section.ts'
import { documentsSection } from './documents-section.ts'
import { figures } from './figures.ts'
import { findingsSection } from './findings-section.ts'
import { html, type Html } from './html.ts'
import { rolloutSection } from './rollout-section.ts'
import { style } from './style.ts'
import { timelineSection } from './timeline-section.ts'
import { verificationSection } from './verification-section.ts'

const styleElement: Html = { kind: 'html', markup: `<style>${style}</style>` }

/** The whole release on one self-contained page: no script, no external font or image. `now` in ms since 1970. */
export function page(facts: ReleaseFacts, now: number): string {
  const { release, conclusion, services, entries, unreadable, line } = facts
  const document = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'" />
        <title>${conclusion.headline}</title>
        ${styleElement}
      </head>
      <body>
        <main>
          <header class="hero is-${conclusion.outcome}">
            <div class="over">Release ${release}</div>
            <h1>${conclusion.headline}</h1>
            <p>${conclusion.because}</p>
          </header>
          ${figures(facts)} ${checklistSection(services)} ${timelineSection(line)} ${rolloutSection(entries)}
          ${verificationSection(entries)} ${findingsSection(entries)} ${documentsSection(entries, unreadable)}
          <footer>
            ALT_LAS Delivery · made from ${entries.length} outcome documents on
            ${new Date(now).toISOString().slice(0, 16).replace('T', ' ')} UTC
          </footer>
        </main>
      </body>
    </html> `
  return document.markup
}
