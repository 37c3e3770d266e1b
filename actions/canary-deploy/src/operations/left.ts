/** A target that a run has begun, and with which number. */
export interface Left {
  readonly namespace: string
  readonly deployment: string
  readonly epoch: number
}
