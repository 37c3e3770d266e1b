import { asRecord, asText } from '@alt-las/outcome'
import { blobPath, formatPlatform, images, readJsonBlob, type Layout } from '@alt-las/registry'
import { findUserId, type UserId } from './user-id.ts'

/** One platform of a layout. */
export interface PlatformImage {
  /** `linux/amd64`, `linux/arm64`. */
  readonly platform: string
  readonly digest: string
  /** Bytes of the compressed layers. */
  readonly size: number
  readonly layers: readonly Layer[]
  readonly config: ImageConfig
  /** Of the configuration's user. */
  readonly userId: UserId
}

export interface Layer {
  readonly digest: string
  readonly size: number
  /** The instruction that made it; '' if the history does not name one. */
  readonly createdBy: string
}

/** The start configuration and the build history of an image. */
export interface ImageConfig {
  /** '' where none is set: root. */
  readonly user: string
  readonly hasHealthcheck: boolean
  readonly environment: readonly (readonly [string, string])[]
  readonly entrypoint: readonly string[]
  readonly cmd: readonly string[]
  readonly labels: Readonly<Record<string, string>>
  /** The instructions of all layers, empty ones too, as BuildKit writes them. */
  readonly history: readonly string[]
}

/** Every platform of a layout; attestations are left out. Only the practice needs the users, and a name may cost a look at every layer. */
export function platformImages(
  layout: Layout,
  { isJudged }: { readonly isJudged: boolean },
): Promise<readonly PlatformImage[]> {
  return Promise.all(
    images(layout).map(async ({ descriptor, config, layers, platform }) => {
      const blob = asRecord(await readJsonBlob(layout.path, config))
      const settings = readConfig(blob)
      const paths = layers.map((layer) => blobPath(layout.path, layer.digest))
      const filled = list(blob['history']).filter((entry) => asRecord(entry)['empty_layer'] !== true)
      return {
        platform: platform === null ? '' : formatPlatform(platform),
        digest: descriptor.digest,
        size: layers.reduce((sum, layer) => sum + layer.size, 0),
        layers: layers.map((layer, index) => ({
          digest: layer.digest,
          size: layer.size,
          createdBy: filled.length === layers.length ? createdBy(filled[index]) : '',
        })),
        config: settings,
        userId: isJudged ? await findUserId(settings.user, paths) : notJudged,
      }
    }),
  )
}

const notJudged: UserId = { kind: 'unknown', because: 'the practice is not judged' }

/** Reads a configuration blob. A field of another type than the specification's counts as not set. */
export function readConfig(blob: Readonly<Record<string, unknown>>): ImageConfig {
  const config = asRecord(blob['config'])
  const test = strings(asRecord(config['Healthcheck'])['Test'])
  return {
    user: asText(config['User']),
    hasHealthcheck: test.length > 0 && test[0] !== 'NONE',
    environment: strings(config['Env']).map((entry) => {
      const at = entry.indexOf('=')
      return at === -1 ? [entry, ''] : [entry.slice(0, at), entry.slice(at + 1)]
    }),
    entrypoint: strings(config['Entrypoint']),
    cmd: strings(config['Cmd']),
    labels: Object.fromEntries(
      Object.entries(asRecord(config['Labels'])).flatMap(([key, value]) =>
        typeof value === 'string' ? [[key, value]] : [],
      ),
    ),
    history: list(blob['history']).map(createdBy),
  }
}

function createdBy(entry: unknown): string {
  return asText(asRecord(entry)['created_by'])
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

function strings(value: unknown): readonly string[] {
  return list(value).filter((one) => typeof one === 'string')
}
