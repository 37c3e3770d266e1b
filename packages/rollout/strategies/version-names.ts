/** The names of the two versions for people. */
export interface VersionNames {
  /** As the subject of a sentence. */
  readonly fresh: 'the canary' | 'green'
  /** Before a noun, or as a heading. */
  readonly name: 'canary' | 'green'
  readonly old: 'stable' | 'blue'
}
