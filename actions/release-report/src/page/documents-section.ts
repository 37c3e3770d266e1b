import type { Entry, Unreadable } from '../read/entry.ts'
import { digestOf, shortened } from '../read/documents.ts'
import { html, type Html } from './html.ts'

/** The built digests, and all documents unchanged. */
export function documentsSection(entries: readonly Entry[], unreadable: readonly Unreadable[]): Html {
  return html`${digests(entries)}
    <section>
      <h2>Evidence</h2>
      ${
        unreadable.length === 0
          ? null
          : html`<ul class="notes">
              ${unreadable.map(({ because }) => html`<li class="is-failed">${because}</li>`)}
            </ul>`
      }
      ${entries.length === 0 ? html`<p class="soft">No outcome document was found.</p>` : null}
      ${entries.map(
        ({ service, document }) =>
          html`<details>
            <summary>
              ${service} · ${document.action}
              <span class="soft">${document.outcome}: ${shortened(document.because)}</span>
            </summary>
            <pre>${JSON.stringify(document, null, 2)}</pre>
          </details>`,
      )}
    </section>`
}

function digests(entries: readonly Entry[]): Html {
  const images = entries.flatMap(({ service, document }) => {
    const digest =
      document.action === 'build-image' || document.action === 'push-image' ? digestOf(document) : null
    return digest === null ? [] : [[service, digest] as const]
  })
  if (images.length === 0) return html``
  return html`<section>
    <h2>Digests</h2>
    <table>
      ${[...new Map(images)].map(
        ([service, digest]) =>
          html`<tr>
            <td style="width:240px"><b>${service}</b></td>
            <td><code>${digest}</code></td>
          </tr>`,
      )}
    </table>
  </section>`
}
