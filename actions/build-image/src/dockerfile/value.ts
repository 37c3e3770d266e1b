/** Why a text of the Dockerfile cannot be known from the Dockerfile alone. */
export interface Unknown {
  /** Follows `because`: `APP_UID may come from the base image`. */
  readonly because: string
}

/** The value of a variable: null where it is not set. */
export type Value = string | null | Unknown

export type Lookup = (name: string) => Value

export function isUnknown(value: Value): value is Unknown {
  return typeof value === 'object' && value !== null
}
