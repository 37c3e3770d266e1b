/** What one version did in a block: counts of requests, of failed ones among them, and of latencies per bucket. */
export interface Arm {
  readonly requests: number
  /** 5xx and upstream failures of the gateway; a client that went away (499) is none. */
  readonly errors: number
  readonly latency?: Histogram
}

export interface Histogram {
  /** Upper bounds, rising, without +Inf; any unit, the same in every block. */
  readonly bounds: readonly number[]
  /** Counts per bucket, not cumulative; one more than bounds, the last is above all of them. */
  readonly counts: readonly number[]
}

/** What both versions did between two common scrapes, `from` and `to` in ms. */
export interface Block {
  readonly from: number
  readonly to: number
  readonly canary: Arm
  readonly stable: Arm
  /** The share of traffic that was set for the canary, 0..1; null where it changed within the block or no router splits. */
  readonly weight: number | null
}

/** Throws RangeError for counts that cannot be: what is not a count is never taken for a healthy canary. */
export function checkBlock(block: Block): void {
  if (!(block.to >= block.from)) {
    throw new RangeError(
      `block from ${String(block.from)} to ${String(block.to)}: the end is before the start`,
    )
  }
  const { weight } = block
  if (weight !== null && !(weight >= 0 && weight <= 1)) {
    throw new RangeError(`block: weight is ${String(weight)}, expected 0 to 1 or null`)
  }
  checkArm('canary', block.canary)
  checkArm('stable', block.stable)
}

function checkArm(name: string, arm: Arm): void {
  checkCount(`${name} requests`, arm.requests)
  checkCount(`${name} errors`, arm.errors)
  if (arm.errors > arm.requests) {
    throw new RangeError(
      `block: ${name} errors are ${String(arm.errors)}, expected at most its ${String(arm.requests)} requests`,
    )
  }
  if (arm.latency === undefined) return
  const { bounds, counts } = arm.latency
  if (counts.length !== bounds.length + 1) {
    throw new RangeError(
      `block: ${name} has ${String(counts.length)} latency counts, expected ${String(bounds.length + 1)}`,
    )
  }
  for (const count of counts) checkCount(`${name} latency count`, count)
}

// Beyond 2^53 a double no longer counts; a counter that says so is broken.
function checkCount(name: string, value: number): void {
  if (!Number.isFinite(value) || value < 0 || value > Number.MAX_SAFE_INTEGER) {
    throw new RangeError(`block: ${name} is ${String(value)}, expected a count`)
  }
}
