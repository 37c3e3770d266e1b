import { digest, nameOf, type Simulation } from '@alt-las/simulated-cluster'

/**
 * Names the world at one instant: all objects with their versions, the time, and what the controllers have still to do. Unlike a
 * `fingerprint` it takes no two numbers for the same, and is cheap enough to be asked for after every step.
 */
export function worldName({ cluster, clock, agenda }: Simulation): () => string {
  let version = -1
  let objects = ''
  return () => {
    if (cluster.version() !== version) {
      version = cluster.version()
      const names = cluster.all().map(nameOf)
      objects = digest(`${version} ${names.join()}`)
    }
    return digest(`${objects} ${clock.elapsed()} ${agenda()}`)
  }
}
