/** On the local stack; a real cluster elsewhere finds it under the same name. */
export const image = 'docker.io/library/node:24-bookworm-slim'

export interface PodShape {
  readonly version?: string
  readonly command?: readonly string[]
}

/** A pod that is ready at once, and does nothing. */
export const podSpec = ({ version = '1', command = ['sleep', '1000000'] }: PodShape) => ({
  terminationGracePeriodSeconds: 1,
  containers: [{ name: 'web', image, command, env: [{ name: 'VERSION', value: version }] }],
})
