/** How logs mark what went wrong: by a level in capitals, as `level=`, in JSON by name or number, or as runtimes print it. */
const marks = [
  /\b(?:ERROR|FATAL|PANIC|CRITICAL|SEVERE)\b/,
  /\blevel="?(?:error|fatal|panic|critical)\b/i,
  /"(?:level|severity)" ?: ?(?:"(?:error|fatal|panic|critical)"|[56]0\b)/i,
  /^(?:panic: |Traceback )|\bUnhandled[A-Z ]|\bUncaught |\bOutOfMemoryError\b/,
]

/** Pure: lines of `ours` that are marked as errors and whose kind is not in `theirs`; each kind once. */
export function newErrors(ours: readonly string[], theirs: readonly string[]): readonly string[] {
  const known = new Set(theirs.map(kindOf))
  return ours.filter((line) => {
    const kind = kindOf(line)
    if (known.has(kind) || !marks.some((mark) => mark.test(line))) return false
    known.add(kind)
    return true
  })
}

/** A line without its figures, times and identifiers. */
const kindOf = (line: string): string =>
  line.replaceAll(/[\da-f]+/gi, (word) => (/\d/.test(word) ? '#' : word))
