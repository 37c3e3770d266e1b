/** What the orchestrator needs of a segment. */
export interface Segment {
  readonly text: string
}

export type Split =
  | { readonly kind: 'split'; readonly segments: readonly Segment[] }
  | { readonly kind: 'late'; readonly because: string }
  | { readonly kind: 'broken'; readonly because: string }

/** Asks the segmentation service; its faults are answers, not exceptions. */
export type AskSegmentation = (text: string, requestId: string) => Promise<Split>

/** The segmentation service at a base URL. Splitting changes nothing, so a connection that broke is tried once again. */
export function segmentationAt(base: string, timeoutMs: number, ask: typeof fetch = fetch): AskSegmentation {
  const once = (text: string, requestId: string): Promise<Response> =>
    ask(`${base}/segments`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-request-id': requestId },
      body: JSON.stringify({ text }),
      signal: AbortSignal.timeout(timeoutMs),
    })
  return async (text, requestId) => {
    try {
      const response = await once(text, requestId).catch((cause: unknown) => {
        if (isTimeout(cause)) throw cause
        return once(text, requestId)
      })
      if (response.ok) return parse(await response.json())
      await response.body?.cancel()
      return { kind: 'broken', because: `segmentation answered ${response.status}, expected 200` }
    } catch (cause) {
      if (isTimeout(cause))
        return { kind: 'late', because: `segmentation did not answer within ${timeoutMs / 1000} s` }
      return { kind: 'broken', because: 'segmentation could not be reached' }
    }
  }
}

function parse(body: unknown): Split {
  const { segments } = body as { readonly segments?: unknown }
  const right =
    Array.isArray(segments) && segments.every((one) => typeof (one as Segment | null)?.text === 'string')
  if (right) return { kind: 'split', segments: segments as readonly Segment[] }
  return { kind: 'broken', because: 'segmentation answered something that is no list of segments' }
}

function isTimeout(cause: unknown): boolean {
  return cause instanceof Error && cause.name === 'TimeoutError'
}
