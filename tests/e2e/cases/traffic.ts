import type { Result, Shot } from '../load.ts'

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

/** Requests per second that two cores serve beside a build; each service gets a quarter, and how soon a version is proven depends on it. */
export const rate = 50

/** Shorter than anybody would take in production: two scrapes of the lab's Prometheus are ten seconds. */
export const quickSteps = ['--var', 'CANARY_STEPS=10%:10s, 50%:10s', '--var', 'BAKE=5s'] as const

/** The load as the log keeps it. */
export const said = ({ sent, failed, reasons, told }: Result): string =>
  [`load: ${String(sent)} requests, ${String(failed)} failed ${JSON.stringify(reasons)}`, ...told].join('\n')
