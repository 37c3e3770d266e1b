import { parseDuration } from '@alt-las/time'
import type { Parser } from './collect.ts'

/** Any text, also none. */
export const text: Parser<string> = (raw) => raw

/** `required(text)`: the input must be given. */
export function required<T>(parser: Parser<T>): Parser<T> {
  return (raw, name) => {
    if (raw === '') throw new Error('is required, got nothing')
    return parser(raw, name)
  }
}

/** `optional(duration)`: null = not given. */
export function optional<T>(parser: Parser<T>): Parser<T | null> {
  return (raw, name) => (raw === '' ? null : parser(raw, name))
}

/** `mapped(text, parseReference)`: a parser made of another one and a function that may throw. */
export function mapped<A, B>(parser: Parser<A>, map: (value: A) => B): Parser<B> {
  return (raw, name) => map(parser(raw, name))
}

/** The booleans of YAML 1.2's core schema. */
export const boolean: Parser<boolean> = (raw) => {
  if (/^(true|True|TRUE)$/.test(raw)) return true
  if (/^(false|False|FALSE)$/.test(raw)) return false
  throw new Error(`got ${quoted(raw)}, expected true or false`)
}

/** Lines; blank ones are dropped. */
export const list: Parser<readonly string[]> = (raw) =>
  raw
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')

export function choice<const T extends string>(allowed: readonly T[]): Parser<T> {
  return (raw) => {
    const found = allowed.find((one) => one === raw)
    if (found === undefined) throw new Error(`got ${quoted(raw)}, expected one of ${allowed.join(', ')}`)
    return found
  }
}

/** A set of words separated by commas or lines; each at most once. */
export function choices<const T extends string>(allowed: readonly T[]): Parser<readonly T[]> {
  const one = choice(allowed)
  return (raw, name) => [...new Set(words(raw).map((word) => one(word, name)))]
}

/** `90s`, `5m`, `1h30m` in milliseconds. */
export const duration: Parser<number> = (raw) => {
  const ms = parseDuration(raw)
  if (ms === null) throw new Error(`got ${quoted(raw)}, expected a duration such as 90s, 5m or 1h30m`)
  return ms
}

/** `5%` or `0.1%` as a number from 0 to 100. */
export const percent: Parser<number> = (raw) => {
  const value = /^\d+(\.\d+)?%$/.test(raw) ? Number(raw.slice(0, -1)) : NaN
  if (!(value >= 0 && value <= 100))
    throw new Error(`got ${quoted(raw)}, expected a percentage such as 5% or 0.1%`)
  return value
}

export function integer(bounds: { readonly min: number; readonly max: number }): Parser<number> {
  return (raw) => {
    const value = /^-?\d+$/.test(raw) ? Number(raw) : NaN
    if (!(value >= bounds.min && value <= bounds.max)) {
      throw new Error(`got ${quoted(raw)}, expected a whole number from ${bounds.min} to ${bounds.max}`)
    }
    return value
  }
}

function words(raw: string): readonly string[] {
  return raw
    .split(/[\n,]/)
    .map((word) => word.trim())
    .filter((word) => word !== '')
}

function quoted(raw: string): string {
  return JSON.stringify(raw.length > 80 ? `${raw.slice(0, 77)}...` : raw)
}
