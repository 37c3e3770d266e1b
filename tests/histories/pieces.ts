import { faultyAnywhere } from './fault-anywhere.ts'
import { killedAnywhere } from './kill-anywhere.ts'
import { disturbedAnywhere } from './others-anywhere.ts'
import { type Wanted, pairs, search } from './search.ts'
import { stories } from './stories.ts'

/** One story or one pair of runners, played in a process of its own: what it has kept in memory goes with it. */
export interface Piece {
  readonly name: string
  /** Answers what was played, by its kind; throws where a history breaks something. */
  readonly play: () => Promise<Readonly<Record<string, number>>>
}

export interface Numbers extends Wanted {
  /** Deaths, faults and acts of other people, over all stories. */
  readonly kills: number
  readonly faults: number
  readonly others: number
}

/** The stories first: each takes less than a minute, so that a short run still covers all kills. */
export function piecesOf(numbers: Numbers): readonly Piece[] {
  const each = (count: number) => Math.ceil(count / stories.length)
  return [
    ...stories.map((story) => ({
      name: `killed and faulty: ${story.name}`,
      play: async () => ({
        ...(await killedAnywhere(story, each(numbers.kills))),
        faults: await faultyAnywhere(story, each(numbers.faults)),
        others: await disturbedAnywhere(story, each(numbers.others)),
      }),
    })),
    ...pairs.map((pair) => ({
      name: `two runners: ${pair.name}`,
      play: async () => ({ ...(await search(pair, numbers)) }),
    })),
  ]
}
