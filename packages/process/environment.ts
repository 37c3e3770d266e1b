import { looksLikeCredential, namedLikeCredential } from '@alt-las/secrets'

/** Families of variables in which cloud, registry and agent tools find their credentials. */
export const cloudVariables: readonly string[] = [
  'AWS_*',
  'AZURE_*',
  'ARM_*',
  'GOOGLE_*',
  'CLOUDSDK_*',
  'DOCKER_*',
]

// A proxy's address may contain a password, but no request works without it.
const proxies = /^(?:https?|all|no)_proxy$/i
/** Inputs and state of the action, and the runner's own keys. */
const ofTheRunner = /^(?:INPUT_|STATE_|ACTIONS_ID_TOKEN_)/

/**
 * The environment of a child: without inputs of the action and without variables that look like a credential, except those named
 * in `keep` (`NPM_TOKEN`, or a family `AWS_*`). An entry with a leading `!` takes variables away: `!TRIVY_*`.
 */
export function childEnvironment(
  own: Readonly<Record<string, string | undefined>>,
  keep: readonly string[] = [],
): Record<string, string> {
  const isKept = (name: string) =>
    keep.some((one) => matches(one, name) && (name === one || !ofTheRunner.test(name)))
  const isTakenAway = (name: string) => keep.some((one) => one.startsWith('!') && matches(one.slice(1), name))
  const isSecret = (name: string, value: string) =>
    ofTheRunner.test(name) ||
    (!proxies.test(name) && (namedLikeCredential(name) || looksLikeCredential(value)))
  return Object.fromEntries(
    Object.entries(own).flatMap(([name, value]) =>
      value === undefined || isTakenAway(name) || (isSecret(name, value) && !isKept(name))
        ? []
        : [[name, value]],
    ),
  )
}

function matches(pattern: string, name: string): boolean {
  return pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern
}
