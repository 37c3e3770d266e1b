import { percent } from '@alt-las/runner'
import { type Address, parseAddress } from '@alt-las/telemetry'

// Parsers of single inputs. Each throws an Error that reads `got X, expected Y`.

export function kubernetesName(raw: string): string {
  if (!/^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$/.test(raw))
    throw new Error(`got ${JSON.stringify(raw)}, expected a Kubernetes name (lower case, digits, dashes)`)
  return raw
}

/** `repository@sha256:…`. */
export function digestReference(raw: string): string {
  if (!/^[^\s@]+@sha256:[0-9a-f]{64}$/.test(raw))
    throw new Error(
      `got ${JSON.stringify(raw)}, expected repository@sha256:<64 hexadecimal digits>: a tag can be moved, a digest cannot`,
    )
  return raw
}

export function routeName(raw: string): string {
  if (!/^[a-z0-9][-a-z0-9.]*(\/[-a-z0-9.]+)?$/.test(raw))
    throw new Error(`got ${JSON.stringify(raw)}, expected the name of an HTTPRoute, or name/rule`)
  return raw
}

export function metricsAddress(raw: string): Address {
  const parsed = parseAddress(raw)
  if (parsed === null)
    throw new Error(
      `got ${JSON.stringify(raw)}, expected https://…, http://… or service://namespace/name:port, or scrape+ before one of them`,
    )
  return parsed
}

/** `1%` to 0.01. */
export function riskShare(raw: string, name: string): number {
  const value = percent(raw, name)
  if (value <= 0 || value > 50) throw new Error(`got ${value}%, expected more than 0% and at most 50%`)
  return value / 100
}

/** `1.2x` to 1.2. */
export function factor(raw: string, most: number): number {
  const value = /^\d+(\.\d+)?x$/.test(raw) ? Number(raw.slice(0, -1)) : NaN
  if (!(value >= 1 && value <= most))
    throw new Error(`got ${JSON.stringify(raw)}, expected a factor from 1x to ${most}x such as 1.2x`)
  return value
}
