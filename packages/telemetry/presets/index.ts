import { envoyGateway } from './envoy-gateway.ts'
import { ingressNginx } from './ingress-nginx.ts'
import { istio } from './istio.ts'
import { nginxGatewayFabric } from './nginx-gateway-fabric.ts'
import { own, parseOwn } from './own.ts'
import { pods } from './pods.ts'
import type { Preset } from './preset.ts'
import { traefik } from './traefik.ts'

export const presets: Readonly<Record<string, Preset>> = Object.fromEntries(
  [traefik, istio, envoyGateway, ingressNginx, nginxGatewayFabric, pods].map((one) => [one.name, one]),
)

/** The name of a preset, or own queries as `parseOwn` reads them. Throws an Error that names what is possible. */
export function parsePreset(text: string): Preset {
  const named = presets[text.trim()]
  if (named !== undefined) return named
  if (!text.includes(':'))
    throw new Error(
      `got ${JSON.stringify(text)}, expected ${Object.keys(presets).join(', ')}, or own queries as lines \`requests: …\` and \`errors: …\``,
    )
  return own(parseOwn(text))
}
