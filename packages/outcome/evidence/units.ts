import * as z from 'zod/mini'

// Parts shared by several kinds of evidence. The unit is in the name of the field.

/** `sha256:` and 64 hexadecimal digits. */
export const digest = z.string().check(z.regex(/^sha256:[0-9a-f]{64}$/))

export const bytes = z.number().check(z.gte(0))

export const count = z.number().check(z.gte(0))

export const durationMs = z.number().check(z.gte(0))

/** Milliseconds since 1970. */
export const atMs = z.number()

/** 0 to 100. */
export const percent = z.number().check(z.gte(0), z.lte(100))
