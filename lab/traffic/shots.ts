import type { Shot } from './load.ts'

/** What users do: every service takes part, the database too. */
export const shots: readonly Shot[] = [
  { method: 'POST', path: '/api/segmentation/segments', body: { text: 'First. Second? Third!' } },
  { method: 'GET', path: '/api/archive/documents?limit=1' },
  {
    method: 'POST',
    path: '/api/ai/results',
    body: { text: 'A chain asks for segments. Then it scores them.' },
  },
  { method: 'GET', path: '/openapi.json' },
]
