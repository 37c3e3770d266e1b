import { digestOf, mediaTypes } from '@alt-las/registry'

const layer = 'a layer'
const config = {
  os: 'linux',
  architecture: 'amd64',
  config: {
    User: '65532',
    Env: ['A=b'],
    Entrypoint: ['node'],
    Labels: { a: 'b' },
    Healthcheck: { Test: ['CMD', 'x'] },
  },
  rootfs: { type: 'layers', diff_ids: [digestOf(layer)] },
  history: [{ created_by: 'COPY . . # buildkit' }, { created_by: 'USER 65532', empty_layer: true }],
}

export const descriptorOf = (mediaType: string, text: string) => ({
  mediaType,
  digest: digestOf(text),
  size: Buffer.byteLength(text),
})

export const manifestOf = (configText: string) => ({
  schemaVersion: 2,
  mediaType: mediaTypes.manifest,
  config: descriptorOf('application/vnd.oci.image.config.v1+json', configText),
  layers: [descriptorOf('application/vnd.oci.image.layer.v1.tar+gzip', layer)],
})

export const indexOf = (manifestText: string) => ({
  schemaVersion: 2,
  mediaType: mediaTypes.index,
  manifests: [
    { ...descriptorOf(mediaTypes.manifest, manifestText), platform: { os: 'linux', architecture: 'amd64' } },
  ],
})

const manifest = manifestOf(JSON.stringify(config))
const index = indexOf(JSON.stringify(manifest))

/** One small image with its index, all of it valid. */
export const image = {
  layer,
  config,
  manifest,
  index,
  top: descriptorOf(mediaTypes.index, JSON.stringify(index)),
}
