// The first message of a TLS handshake, written by hand: it can offer what this runner's own TLS library refuses to speak. RFC 5246, 7.4.1.

/** `random`: 32 bytes. `host`: null for an address, which has no server name. */
export function clientHello(
  suites: readonly number[],
  { host, random }: { readonly host: string | null; readonly random: Uint8Array },
): Buffer {
  const extensions = [
    ...(host === null
      ? []
      : [extension(0, sized(2, Buffer.concat([Buffer.of(0), sized(2, Buffer.from(host))])))]),
    // secp256r1, secp384r1, x25519; uncompressed points; the usual signatures with RSA and ECDSA, SHA-1 too
    extension(10, sized(2, Buffer.of(0, 23, 0, 24, 0, 29))),
    extension(11, sized(1, Buffer.of(0))),
    extension(13, sized(2, Buffer.of(4, 1, 4, 3, 8, 4, 5, 1, 5, 3, 8, 5, 6, 1, 6, 3, 8, 6, 2, 1, 2, 3))),
  ]
  const body = Buffer.concat([
    version12,
    random,
    sized(1, Buffer.of()),
    sized(2, Buffer.concat(suites.map(twoBytes))),
    sized(1, Buffer.of(0)),
    sized(2, Buffer.concat(extensions)),
  ])
  const message = Buffer.concat([Buffer.of(1, 0), sized(2, body)])
  return Buffer.concat([Buffer.of(22), version10, sized(2, message)])
}

/** `chosen`: the suite of the server's answer. `refused`: it sent an alert. null: more bytes are needed. */
export type ServerAnswer =
  { readonly kind: 'chosen'; readonly suite: number } | { readonly kind: 'refused' } | null

/** Reads the beginning of the server's answer. Throws an Error where it is not TLS. */
export function readServerAnswer(bytes: Buffer): ServerAnswer {
  if (bytes.length < 6) return null
  const type = bytes.readUInt8(0)
  if (type === 21) return { kind: 'refused' }
  if (type !== 22 || bytes.readUInt8(1) !== 3 || bytes.readUInt8(5) !== 2)
    throw new Error('the answer is not TLS')
  // record 5, message 4, version 2, random 32, then the session's id with its length
  const session = 43
  if (bytes.length <= session) return null
  const suite = session + 1 + bytes.readUInt8(session)
  return bytes.length < suite + 2 ? null : { kind: 'chosen', suite: bytes.readUInt16BE(suite) }
}

const version10 = Buffer.of(3, 1)
const version12 = Buffer.of(3, 3)

function twoBytes(value: number): Buffer {
  return Buffer.of(value >> 8, value & 0xff)
}

function sized(bytes: 1 | 2, content: Buffer): Buffer {
  return Buffer.concat([bytes === 1 ? Buffer.of(content.length) : twoBytes(content.length), content])
}

function extension(type: number, content: Buffer): Buffer {
  return Buffer.concat([twoBytes(type), sized(2, content)])
}
