/** Field manager of every server-side apply. */
export const manager = 'alt-las-delivery'

/** On canary pods and objects beside the user's labels: distinguishes them from stable's. */
export const trackLabel = 'alt-las.dev/track'

/** On the Deployments: the version of the plan. */
export const versionAnnotation = 'alt-las.dev/version'

/** On the workload: the rollout that wrote it last. */
export const rolloutAnnotation = 'alt-las.dev/written-by'

/** On the Deployments: the release that they belong to. */
export const releaseAnnotation = 'alt-las.dev/release'

/** On objects that a run may write, while it runs: its fencing token, or `guard-<number>` once the dead-man's switch has fired. */
export const fencingAnnotation = 'alt-las.dev/epoch'

/** On the state ConfigMaps: their target. */
export const stateLabel = 'alt-las.dev/rollout'

/** Also on them: the name of the phase with `-` for blanks. Metrics of the cluster's objects show labels, not data. */
export const phaseLabel = 'alt-las.dev/phase'

export const stateName = (deployment: string) => `alt-las-rollout-${deployment}`

/** Secret with the key that signs the states of its namespace. */
export const keySecret = 'alt-las-rollout-key'
