import { lying } from './answers.ts'
import type { Defect, Expected } from './defect.ts'
import type { Lie } from './liar.ts'

const id = '5d3c6a1e-0000-4000-8000-0123456789ab'
const document = { id, title: 'a document', tags: [], createdAt: '2026-01-01T00:00:00.000Z' }
const list = { path: '/api/archive/documents', method: 'GET', body: { documents: [document], next: null } }

const underLoad = (name: string, lie: Lie, ...found: readonly Expected[]): Defect => ({
  ...lying(name, lie, ...found),
  inputs: () => ({
    checks: 'health,api,security,load',
    rate: '10',
    duration: '20s',
    'max-error-rate': '0.1%',
    // Far above what two busy cores need, and below the delay that is planted.
    'max-p95': '2s',
  }),
})

/** What one request at a time does not show. */
export const loadDefects: readonly Defect[] = [
  underLoad(
    'a route gives up after twenty requests',
    { ...list, worksFor: 20 },
    { check: 'load error rate', because: /requests failed \([\d.]+%\).*allowed: 0.1%: \d+ × status 503/ },
  ),
  underLoad(
    'one route in seven is slow',
    { ...list, delayMs: 3000 },
    {
      check: 'load p95',
      because: /slowest is the stored document is the newest of the list with a p95 of 3[\d.]+ ms/,
    },
  ),
]
