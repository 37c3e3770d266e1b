import { looksLikeCredential, namedLikeCredential } from '@alt-las/secrets'

/** Families of variables by which tools that talk to a cloud, a registry or an agent find their own credentials. */
export const cloudVariables: readonly string[] = [
  'AWS_*',
  'AZURE_*',
  'ARM_*',
  'GOOGLE_*',
  'CLOUDSDK_*',
  'DOCKER_*',
]

// An address of a proxy may hold a password, and nothing is reached without it.
const proxies = /^(?:https?|all|no)_proxy$/i
/** Inputs and state of the action, and the runner's own keys. */
const ofTheRunner = /^(?:INPUT_|STATE_|ACTIONS_ID_TOKEN_)/

/**
 * What a child sees of our environment: no input of the action, and no variable that looks like a credential, but for those that are named
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
