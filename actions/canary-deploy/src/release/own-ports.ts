import type { TargetInputs } from '../operation.ts'
import type { Ports } from '../ports.ts'

/** With the target's own metrics and synthetic requests. */
export function ownPorts({ source, synthetic }: TargetInputs, ports: Ports): Ports {
  const { scrapesOf, visitsOf } = ports
  return {
    ...ports,
    ...(scrapesOf === undefined ? {} : { scrapes: scrapesOf(source) }),
    ...(visitsOf === undefined ? {} : { visits: () => visitsOf(synthetic) }),
  }
}
