// What the caller passes in: blocks of counters, and the settings of a rollout.
/** One version in a block: counts of requests, failed requests, and latencies per bucket. */
export interface Arm extends Counts {
  /** Of all responses, the failed ones too. */
  readonly latency?: Histogram
  /** The same requests per pod, if the source distinguishes pods; in any order. */
  readonly pods?: readonly Counts[]
}

export interface Counts {
  readonly requests: number
  /** 5xx and upstream failures of the gateway; a disconnected client (499) does not count. */
  readonly errors: number
}

export interface Histogram {
  /** Upper bounds in seconds, rising; the last may be Infinity or be left out. */
  readonly bounds: readonly number[]
  /** Counts per bucket, not cumulative; the last is above all finite bounds. */
  readonly counts: readonly number[]
}

/** Both versions between two common scrapes, `from` and `to` in ms. */
export interface Block {
  readonly from: number
  readonly to: number
  readonly canary: Arm
  readonly stable: Arm
  /** The share of traffic that was set for the canary, 0..1; null where it changed within the block or no router splits. */
  readonly weight: number | null
}

/** Throws RangeError for impossible counts: an invalid count must never look like a healthy canary. */
export function checkBlock(block: Block): void {
  if (!(block.to >= block.from)) {
    throw new RangeError(`block from ${block.from} to ${block.to}: the end is before the start`)
  }
  const { weight } = block
  if (weight !== null && !(weight >= 0 && weight <= 1)) {
    throw new RangeError(`block: weight is ${weight}, expected 0 to 1 or null`)
  }
  checkArm('canary', block.canary)
  checkArm('stable', block.stable)
}

function checkArm(name: string, arm: Arm): void {
  checkCount(name, 'requests', arm.requests)
  checkCount(name, 'errors', arm.errors)
  if (arm.errors > arm.requests) {
    throw new RangeError(
      `block: ${name} errors are ${arm.errors}, expected at most its ${arm.requests} requests`,
    )
  }
  for (const pod of arm.pods ?? []) {
    checkCount(name, 'pod requests', pod.requests)
    checkCount(name, 'pod errors', pod.errors)
  }
  if (arm.latency !== undefined) checkHistogram(name, arm.latency)
}

function checkHistogram(name: string, { bounds, counts }: Histogram): void {
  const buckets = bounds.at(-1) === Infinity ? bounds.length : bounds.length + 1
  if (counts.length !== buckets) {
    throw new RangeError(`block: ${name} has ${counts.length} latency counts, expected ${buckets}`)
  }
  let before = 0
  for (const bound of bounds) {
    if (!(bound > before)) {
      throw new RangeError(
        `block: ${name} latency bound ${bound} comes after ${before}, expected rising bounds above 0`,
      )
    }
    before = bound
  }
  for (const count of counts) checkCount(name, 'latency count', count)
}

// Beyond 2^53 a double is not exact; such a counter is broken.
function checkCount(name: string, of: string, value: number): void {
  if (!(value >= 0 && value <= Number.MAX_SAFE_INTEGER)) {
    throw new RangeError(`block: ${name} ${of} is ${value}, expected a count`)
  }
}
