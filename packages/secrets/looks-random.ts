const word = /^[A-Za-z0-9+/_=.-]{16,512}$/
/** Digests, UUIDs, versions, addresses and paths look random to a counter of letters, and are public. */
const known =
  /^(?:[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}|(?:sha\d+[:-])?[0-9a-f]{40}|(?:sha\d+[:-])?[0-9a-f]{64}|[a-z0-9-]+(?:\.[a-z0-9-]+)+|\.{0,2}\/.*|[A-Za-z]+|[\d.+-]+)$/

/** Bits of entropy for each character: 4 is that of random hexadecimal digits, English words have less than 3.6. */
const leastBits = 3.6

/**
 * Whether a text is one long word whose characters look drawn by chance, as those of generated passwords and keys. Many harmless texts look so
 * too: ask only where a name says that the value is secret.
 */
export function looksRandom(text: string): boolean {
  return word.test(text) && !known.test(text) && entropy(text) >= leastBits
}

function entropy(text: string): number {
  const counts = new Map<string, number>()
  for (const one of text) counts.set(one, (counts.get(one) ?? 0) + 1)
  return [...counts.values()].reduce((sum, count) => {
    const share = count / text.length
    return sum - share * Math.log2(share)
  }, 0)
}
