interface Both {
  readonly canary: { readonly requests: number; readonly errors: number }
  readonly stable: { readonly requests: number; readonly errors: number }
}

/** The sentence of a rollback: both rates at the same time, and how rarely an equal version would look like that. */
export function errorSentence({ recent }: { readonly recent: Both }, risk: number): string {
  return `canary fails ${both(recent)} at the same time; this or worse would occur in fewer than ${oddsOf(risk)} rollouts of an equal version`
}

/** Where it stands, without a judgement. */
export function traceSentence({ canary, stable }: Both): string {
  if (canary.requests === 0) return 'no canary request has been measured yet'
  if (stable.requests === 0) return 'no stable request has been measured at the same time yet'
  return `canary fails ${both({ canary, stable })}`
}

export function trafficSentence(got: number, expected: number): string {
  return `canary finished ${String(got)} requests where its weight makes about ${String(Math.round(expected))} come: it hangs or is not reached`
}

const both = ({ canary, stable }: Both): string =>
  `${percent(canary)} of requests (${String(canary.errors)} of ${String(canary.requests)}), stable ${percent(stable)} (${String(stable.errors)} of ${String(stable.requests)})`

/** A rate as a person writes it: `0 %`, `0.04 %`, `2.3 %`, `20 %`. */
function percent({ requests, errors }: { readonly requests: number; readonly errors: number }): string {
  if (errors === 0 || requests === 0) return '0 %'
  const rate = (100 * errors) / requests
  return `${rate >= 10 ? rate.toFixed(1).replace(/\.0$/, '') : rate.toPrecision(2).replace(/\.0$/, '')} %`
}

function oddsOf(risk: number): string {
  const of = 1 / risk
  return `1 of ${String(of >= 10 ? Math.round(of) : Number(of.toFixed(1)))}`
}
