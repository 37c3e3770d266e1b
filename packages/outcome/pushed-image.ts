import { Failure, describe } from '@alt-las/failure'
import { parseOf } from './parse.ts'
import { readDocument, documentsAt } from './read-documents.ts'

/** An image that push-image has put into its registry. */
export interface PushedImage {
  /** Its service. */
  readonly service: string
  /** `name@sha256:…`. */
  readonly image: string
}

/** Whether an input that accepts an image names a document of push-image instead. */
export function isDocumentPath(text: string): boolean {
  return text.endsWith('.json')
}

/** The image of one document, by its path from `directory`. Throws a Failure (fault input) if the document proves none. */
export function pushedImageAt(path: string, directory: string): PushedImage {
  return pushedImage(readDocument(path, directory), path)
}

/** The images of every document that a glob pattern finds. Throws ONE Failure (fault input) that lists every problem. */
export function pushedImagesAt(pattern: string, directory: string): readonly PushedImage[] {
  const problems: string[] = []
  const images = documentsAt(pattern, directory).flatMap((path) => {
    try {
      return [pushedImageAt(path, directory)]
    } catch (error) {
      problems.push(describe(error))
      return []
    }
  })
  if (problems.length > 0) throw new Failure('not-pushed', problems.join('; '), { fault: 'input' })
  return images
}

const digestReference = /^[^\s@]+@sha256:[0-9a-f]{64}$/

/** Throws Failure `bad-outcome-document` or `not-pushed`. */
export function pushedImage(text: string, path: string): PushedImage {
  const { outcome, because, subject, evidence } = parseOf('push-image', text, path)
  if (outcome !== 'passed')
    throw notPushed(path, `got the outcome ${outcome} (${because}), expected passed: nothing was pushed`)
  const { image, operation } = evidence
  if (image === null) throw notPushed(path, `got operation ${operation}, expected push: it names no image`)
  if (!digestReference.test(image))
    throw notPushed(path, `got the image ${JSON.stringify(image.slice(0, 80))}, expected name@sha256:…`)
  return { service: subject.service, image }
}

function notPushed(path: string, what: string): Failure<'not-pushed'> {
  return new Failure('not-pushed', `${path}: ${what}`, { fault: 'input' })
}
