/** Of a normal distribution, 98 % two-sided. */
const z98 = 2.3263478740408408
const tolerance = 0.25

/**
 * Whether the experiment is "High" for Kayenta: the lower end of the 98 % interval of the shift (Hodges and Lehmann) lies above a quarter of
 * the shift itself. By the normal approximation of the rank sum's quantile, as R takes it from 50 values on.
 */
export function higher(experiment: readonly number[], control: readonly number[]): boolean {
  const [n, m] = [experiment.length, control.length]
  if (n === 0 || m === 0) return false
  const shifts = new Float64Array(n * m)
  experiment.forEach((x, i) => {
    control.forEach((y, j) => {
      shifts[i * m + j] = x - y
    })
  })
  shifts.sort()
  const spread = Math.sqrt((n * m * (n + m + 1)) / 12)
  const low = Math.max(0, Math.floor((n * m) / 2 - z98 * spread))
  const middle = ((shifts[Math.floor((n * m - 1) / 2)] ?? 0) + (shifts[Math.floor((n * m) / 2)] ?? 0)) / 2
  return (shifts[low] ?? 0) > tolerance * Math.abs(middle)
}
