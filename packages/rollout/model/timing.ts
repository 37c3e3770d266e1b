/**
 * How long routes must be accepted before anything relies on them, in ms. Gateways report acceptance before their data plane has it:
 * Traefik collects changes for up to 2 s; kube-proxy and endpoints follow within 2 s.
 */
export const settleMs = 5000

/** How long a gateway may take to accept a weight until the rollout is aborted, in ms. */
export const acceptTimeoutMs = 60_000

/** Fewest judged blocks with canary traffic in a step. */
export const fewestBlocks = 2

/** How long a suspicion may take to be cleared by a comparison, in ms. */
export const comparisonMs = 600_000

/** How long a canary keeps traffic while its metrics cannot be read and waiting will not help, in ms. */
export const blindMs = 60_000

/**
 * How long the old version is kept where hardly any user meets the new one, in ms: after its proof, and with all traffic on it. A plan of `ms`
 * may say otherwise.
 */
export const usualQuietMs = (ms: number): number => Math.min(ms, 30_000)

/** How long a version that is not judged by traffic is watched after a switch of all traffic, in ms, where the plan asks for no longer. */
export const timedSoakMs = 120_000
