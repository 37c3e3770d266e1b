/** Field manager of every server-side apply. */
export const manager = 'alt-las-delivery'

/** On canary pods and objects beside the user's labels: tells them from stable's. */
export const trackLabel = 'alt-las.dev/track'
/** On the Deployments: which version of the plan they carry. */
export const versionAnnotation = 'alt-las.dev/version'
/** On the Deployments: the release that they belong to. */
export const releaseAnnotation = 'alt-las.dev/release'
/** On the state ConfigMaps: what they are the state of. */
export const stateLabel = 'alt-las.dev/rollout'

export const podHash = 'pod-template-hash'

export const canaryName = (deployment: string) => `${deployment}-canary`
export const stateName = (deployment: string) => `alt-las-rollout-${deployment}`
