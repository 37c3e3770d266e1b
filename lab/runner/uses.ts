/** A foreign action or workflow that a text names: `owner/name/path@ref`. */
export interface Used {
  readonly repository: string
  readonly ref: string
}

/** Every repository that the workflow or action takes something from by `uses:`, each once. */
export function usedRepositories(text: string): readonly Used[] {
  const found = [...text.matchAll(/^\s*-?\s*uses:\s*["']?([\w.-]+\/[\w.-]+)(?:\/[^@\s"']*)?@([^\s"'#]+)/gm)]
  const unique = new Map(
    found.map((match) => [
      `${match[1] ?? ''}@${match[2] ?? ''}`,
      { repository: match[1] ?? '', ref: match[2] ?? '' },
    ]),
  )
  return [...unique.values()]
}
