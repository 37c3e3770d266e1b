/** Uniform numbers in [0, 1), the same for the same seeds on every machine. */
export type Random = () => number

/** An own stream for each combination of seeds (sfc32, seeded by a multiplicative hash). */
export function randomOf(...seeds: readonly number[]): Random {
  let hash = 0x9e3779b9
  const mix = (value: number): number => {
    hash = Math.imul(hash ^ value, 0x85ebca6b)
    hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
    hash ^= hash >>> 16
    return hash | 0
  }
  for (const seed of seeds) mix(Math.trunc(seed) + 0x632be5ab)
  let [a, b, c, d] = [mix(1), mix(2), mix(3), 1]
  const next = (): number => {
    const sum = (((a + b) | 0) + d) | 0
    d = (d + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (c << 21) | (c >>> 11)
    c = (c + sum) | 0
    return (sum >>> 0) / 4294967296
  }
  for (let i = 0; i < 12; i += 1) next()
  return next
}

/** Polar method. */
export function normal(random: Random): number {
  for (;;) {
    const [x, y] = [2 * random() - 1, 2 * random() - 1]
    const square = x * x + y * y
    if (square > 0 && square < 1) return x * Math.sqrt((-2 * Math.log(square)) / square)
  }
}

/** Mean 1, variance 1/shape. Marsaglia and Tsang 2000. */
export function gamma(random: Random, shape: number): number {
  if (shape < 1) return (gamma(random, shape + 1) * (shape + 1) * random() ** (1 / shape)) / shape
  const d = shape - 1 / 3
  const c = 1 / Math.sqrt(9 * d)
  for (;;) {
    const x = normal(random)
    const v = (1 + c * x) ** 3
    if (v > 0 && Math.log(1 - random()) < 0.5 * x * x + d - d * v + d * Math.log(v)) return (d * v) / shape
  }
}

/** Inversion up to a mean of 30, above it Hörmann's PTRS (1993). */
export function poisson(random: Random, mean: number): number {
  if (mean <= 0) return 0
  return mean < 30 ? smallPoisson(random, mean) : largePoisson(random, mean)
}

function smallPoisson(random: Random, mean: number): number {
  let [left, k, chance] = [random(), 0, Math.exp(-mean)]
  while (left > chance && k < 1000) {
    left -= chance
    k += 1
    chance *= mean / k
  }
  return k
}

function largePoisson(random: Random, mean: number): number {
  const b = 0.931 + 2.53 * Math.sqrt(mean)
  const a = -0.059 + 0.02483 * b
  const inverse = 1.1239 + 1.1328 / (b - 3.4)
  const sure = 0.9277 - 3.6224 / (b - 2)
  for (;;) {
    const [u, v] = [random() - 0.5, random()]
    const us = 0.5 - Math.abs(u)
    const k = Math.floor(((2 * a) / us + b) * u + mean + 0.43)
    if (us >= 0.07 && v <= sure) return k
    if (k < 0 || (us < 0.013 && v > us)) continue
    const log = Math.log((v * inverse) / (a / (us * us) + b))
    if (log <= k * Math.log(mean) - mean - logFactorial(k)) return k
  }
}

/** Inversion up to ten expected, above it Hörmann's BTRS (1993). */
export function binomial(random: Random, n: number, p: number): number {
  if (n <= 0 || p <= 0) return 0
  if (p >= 1) return n
  if (p > 0.5) return n - binomial(random, n, 1 - p)
  return n * p < 10 ? smallBinomial(random, n, p) : largeBinomial(random, n, p)
}

function smallBinomial(random: Random, n: number, p: number): number {
  const odds = p / (1 - p)
  let [left, k, chance] = [random(), 0, (1 - p) ** n]
  while (left > chance && k < n) {
    left -= chance
    k += 1
    chance *= (odds * (n - k + 1)) / k
  }
  return k
}

function largeBinomial(random: Random, n: number, p: number): number {
  const spread = Math.sqrt(n * p * (1 - p))
  const b = 1.15 + 2.53 * spread
  const a = -0.0873 + 0.0248 * b + 0.01 * p
  const sure = 0.92 - 4.2 / b
  const alpha = (2.83 + 5.1 / b) * spread
  const mode = Math.floor((n + 1) * p)
  const top = logFactorial(mode) + logFactorial(n - mode)
  const odds = Math.log(p / (1 - p))
  for (;;) {
    const [u, v] = [random() - 0.5, random()]
    const us = 0.5 - Math.abs(u)
    const k = Math.floor(((2 * a) / us + b) * u + n * p + 0.5)
    if (us >= 0.07 && v <= sure) return k
    if (k < 0 || k > n) continue
    const log = Math.log((v * alpha) / (a / (us * us) + b))
    if (log <= top - logFactorial(k) - logFactorial(n - k) + (k - mode) * odds) return k
  }
}

/** Counts per class; `chances` sum to 1. */
export function multinomial(random: Random, n: number, chances: readonly number[]): number[] {
  let [left, rest] = [n, 1]
  return chances.map((chance, j) => {
    if (left === 0) return 0
    const count = j === chances.length - 1 ? left : binomial(random, left, Math.min(1, chance / rest))
    left -= count
    rest = Math.max(rest - chance, 1e-300)
    return count
  })
}

const small = [0, 0]
for (let i = 2; i < 20; i += 1) small.push((small[i - 1] ?? 0) + Math.log(i))

function logFactorial(k: number): number {
  if (k < 20) return small[k] ?? 0
  const x = k + 1
  return (x - 0.5) * Math.log(x) - x + 0.9189385332046727 + 1 / (12 * x) - 1 / (360 * x * x * x)
}
