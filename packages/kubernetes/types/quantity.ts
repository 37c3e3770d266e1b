const factors: Readonly<Record<string, number>> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  '': 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
}

/** A Kubernetes quantity as cores, bytes or a number; NaN for other text. */
export function quantity(text: string | number): number {
  const match = /^([+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)([a-zA-Z]*)$/.exec(String(text))
  return Number(match?.[1]) * (factors[match?.[2] ?? 'none'] ?? NaN)
}

/** For people: `1.5` cores, `768Mi`, `12`. */
export function formatQuantity(value: number, resource: string): string {
  if (resource.endsWith('memory') || resource.endsWith('storage')) return `${Math.ceil(value / 2 ** 20)}Mi`
  return String(Math.round(value * 1000) / 1000)
}
