import { Failure, describe } from '@alt-las/failure'
import type { OutcomeDocument } from './document.ts'
import { parse, parseOf } from './parse.ts'
import { readDocument, documentsAt } from './read-documents.ts'

/** An image that a document proves: push-image has put it into its registry, or canary-deploy has brought it to its target. */
export interface ReleasedImage {
  /** Its service, or the workload that runs it. */
  readonly service: string
  /** `name@sha256:…`. */
  readonly image: string
}

/** Whether an input that accepts an image names a document instead. */
export function isDocumentPath(text: string): boolean {
  return text.endsWith('.json')
}

/** The image of one document, by its path from `directory`. Throws a Failure (fault input) if the document proves none. */
export function pushedImageAt(path: string, directory: string): ReleasedImage {
  return pushedImage(readDocument(path, directory), path)
}

/**
 * The images of every document that a glob pattern finds: those of push-image, and those that canary-deploy has deployed, promoted or
 * returned to. Throws ONE Failure (fault input) that lists every problem.
 */
export function releasedImagesAt(pattern: string, directory: string): readonly ReleasedImage[] {
  const problems: string[] = []
  const images = documentsAt(pattern, directory).flatMap((path) => {
    try {
      return releasedImages(readDocument(path, directory), path)
    } catch (error) {
      problems.push(describe(error))
      return []
    }
  })
  if (problems.length > 0) throw new Failure('not-released', problems.join('; '), { fault: 'input' })
  return images
}

function releasedImages(text: string, path: string): readonly ReleasedImage[] {
  const { action } = parse(text, path)
  return action === 'canary-deploy'
    ? servedImages(parseOf('canary-deploy', text, path), path)
    : [pushedImage(text, path)]
}

const served: readonly string[] = ['promoted', 'rolled-back', 'unchanged']

function servedImages(
  { outcome, because, evidence }: OutcomeDocument<'canary-deploy'>,
  path: string,
): readonly ReleasedImage[] {
  const { operation = '', targets = [] } = evidence
  if (outcome !== 'passed') throw notProven(path, `got the outcome ${outcome} (${because}), expected passed`)
  if (operation === 'status' || targets.length === 0)
    throw notProven(
      path,
      `got operation ${operation} with ${targets.length} targets, expected one that brings an image to a target`,
    )
  return targets.map(({ deployment, image, verdict }) => {
    if (!served.includes(verdict))
      throw notProven(
        path,
        `got the verdict ${verdict} for ${deployment}, expected one of ${served.join(', ')}`,
      )
    return { service: deployment, image: byDigest(image, path) }
  })
}

const digestReference = /^[^\s@]+@sha256:[0-9a-f]{64}$/

/** Throws Failure `bad-outcome-document` or `not-released`. */
export function pushedImage(text: string, path: string): ReleasedImage {
  const { outcome, because, subject, evidence } = parseOf('push-image', text, path)
  if (outcome !== 'passed')
    throw notProven(path, `got the outcome ${outcome} (${because}), expected passed: nothing was pushed`)
  const { image, operation } = evidence
  if (image === null) throw notProven(path, `got operation ${operation}, expected push: it names no image`)
  return { service: subject.service, image: byDigest(image, path) }
}

function byDigest(image: string, path: string): string {
  if (digestReference.test(image)) return image
  throw notProven(path, `got the image ${JSON.stringify(image.slice(0, 80))}, expected name@sha256:…`)
}

function notProven(path: string, what: string): Failure<'not-released'> {
  return new Failure('not-released', `${path}: ${what}`, { fault: 'input' })
}
