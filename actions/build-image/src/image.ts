import { images, readJsonBlob, type Layout } from '@alt-las/registry'

/** What a layout's configuration says of one platform. */
export interface PlatformImage {
  /** `linux/amd64`, `linux/arm64/v8`. */
  readonly platform: string
  readonly digest: string
  /** Bytes of the compressed layers. */
  readonly size: number
  readonly layers: readonly Layer[]
  /** '' where none is set: root. */
  readonly user: string
  readonly hasHealthcheck: boolean
  readonly labels: Readonly<Record<string, string>>
}

export interface Layer {
  readonly digest: string
  readonly size: number
  /** The instruction that made it, '' where the history does not tell. */
  readonly createdBy: string
}

interface Config {
  readonly config?: {
    readonly User?: string
    readonly Labels?: Readonly<Record<string, string>> | null
    readonly Healthcheck?: { readonly Test?: readonly string[] } | null
  }
  readonly history?: readonly { readonly created_by?: string; readonly empty_layer?: boolean }[]
}

/** Every platform of a layout; attestations are left out. */
export function platformImages(layout: Layout): Promise<readonly PlatformImage[]> {
  return Promise.all(
    images(layout).map(async ({ descriptor, config, layers, platform }) => {
      const facts = (await readJsonBlob(layout.path, config)) as Config
      const history = facts.history?.filter((entry) => entry.empty_layer !== true) ?? []
      const test = facts.config?.Healthcheck?.Test ?? []
      return {
        platform: [platform?.os, platform?.architecture, platform?.variant].filter(Boolean).join('/'),
        digest: descriptor.digest,
        size: layers.reduce((sum, layer) => sum + layer.size, 0),
        layers: layers.map((layer, index) => ({
          digest: layer.digest,
          size: layer.size,
          createdBy: (history.length === layers.length ? history[index]?.created_by : '') ?? '',
        })),
        user: facts.config?.User ?? '',
        hasHealthcheck: test.length > 0 && test[0] !== 'NONE',
        labels: facts.config?.Labels ?? {},
      }
    }),
  )
}
