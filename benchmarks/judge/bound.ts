/**
 * Wald's bound for the same null: no test of risk alpha can need fewer requests, of both versions together, on average than
 * ln(1/alpha) / D, D = min over p of w kl(canary, margin p) + (1 - w) kl(stable, p).
 */
export function leastRequests(
  { canary, stable, weight }: { readonly canary: number; readonly stable: number; readonly weight: number },
  { risk, margin }: { readonly risk: number; readonly margin: number },
): number {
  const information = (p: number) =>
    weight * divergence(canary, Math.min(1 - 1e-12, margin * p)) + (1 - weight) * divergence(stable, p)
  let [low, high] = [Math.min(stable, canary / margin), Math.max(stable, canary / margin)]
  for (let i = 0; i < 200; i += 1) {
    const [left, right] = [low + (high - low) / 3, high - (high - low) / 3]
    if (information(left) < information(right)) high = right
    else low = left
  }
  return Math.log(1 / risk) / information((low + high) / 2)
}

function divergence(p: number, q: number): number {
  const part = (x: number, y: number) => (x === 0 ? 0 : x * Math.log(x / y))
  return part(p, q) + part(1 - p, 1 - q)
}
