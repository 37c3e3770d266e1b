import { Failure } from '@alt-las/failure'
import type { Baseline } from '@alt-las/load'
import type { OutcomeDocument } from '@alt-las/outcome'

/** The load that an earlier verification measured. Throws Failure `no-baseline` (fault input) where it measured none. */
export function baselineIn({ evidence }: OutcomeDocument<'verify'>, path: string): Baseline {
  const { load } = evidence
  if (load === undefined || load === null)
    throw new Failure(
      'no-baseline',
      `${path} holds no load: give the document of a run with the check load`,
      {
        fault: 'input',
      },
    )
  return { ...load, rate: load.ratePerSecond }
}
