import { createHmac, timingSafeEqual } from 'node:crypto'

/** Where a state stands: the signature of one target's state does not fit another's. */
export interface StatePlace {
  readonly namespace: string
  /** Of the ConfigMap. */
  readonly name: string
}

/** Signs and checks the states of one namespace. */
export interface StateKey {
  /** States of a time without a key are still being signed: until then one without a signature counts. */
  readonly isAdopting: boolean
  /** Base64url of HMAC-SHA-256. */
  sign(place: StatePlace, text: string): string
  fits(place: StatePlace, text: string, signature: string): boolean
}

/** In bytes. */
export const keyLength = 32

/** A key of these bytes. */
export function stateKey(bytes: Uint8Array, isAdopting = false): StateKey {
  const digest = ({ namespace, name }: StatePlace, text: string) =>
    // A line break is in neither name, so no other place and text give the same input.
    createHmac('sha256', bytes).update(`${namespace}\n${name}\n${text}`).digest()
  return {
    isAdopting,
    sign: (place, text) => digest(place, text).toString('base64url'),
    fits: (place, text, signature) => {
      const wanted = digest(place, text)
      const given = Buffer.from(signature, 'base64url')
      return given.length === wanted.length && timingSafeEqual(given, wanted)
    },
  }
}
