import * as z from 'zod/mini'
import { count } from './units.ts'

const step = z.object({ step: z.string(), mark: z.string(), because: z.string() })

/** The evidence of release-report. */
export const releaseReport = z.object({
  release: z.string(),
  releaseOutcome: z.enum(['passed', 'refused', 'failed']),
  checklist: z.array(z.object({ service: z.string(), steps: z.array(step) })),
  documents: count,
  unreadable: z.array(z.object({ path: z.string(), because: z.string() })),
})
