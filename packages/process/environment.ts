import { looksLikeCredential } from '@alt-las/secrets'

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
/** Inputs and state of the action, the runner's own keys, and the files by which a step steers its job. */
const ofTheRunner =
  /^(?:INPUT_|STATE_|ACTIONS_(?:ID_TOKEN|RUNTIME|CACHE|RESULTS)_|GITHUB_(?:OUTPUT|STATE|ENV|PATH|STEP_SUMMARY)$)/i
/** Names that say `credential` anywhere: for a child `TOKEN_OF_CI` is one too. What it needs is named in `keep`. */
const secretNames =
  /PASSWORD|PASSWD|PASSPHRASE|SECRET|TOKEN|CREDENTIAL|API_?KEY|(?:PRIVATE|ACCESS|ENCRYPTION|SIGNING|MASTER|ACCOUNT|DEPLOY)_?KEY|[_.-](?:PASS|PWD|PAT|AUTH|COOKIE|SAS|DSN|KEY|CONNECTION_STRING)$/i

/**
 * The environment of a child: without inputs of the action and without variables that look like a credential, except those named
 * in `keep` (`NPM_TOKEN`, or a family `AWS_*`). An entry with a leading `!` takes variables away: `!TRIVY_*`. No family contains what is
 * the runner's; that has to be named in full.
 */
export function childEnvironment(
  own: Readonly<Record<string, string | undefined>>,
  keep: readonly string[] = [],
): Record<string, string> {
  const isKept = (name: string) =>
    keep.some((one) => matches(one, name) && (name === one || !ofTheRunner.test(name)))
  const isTakenAway = (name: string) => keep.some((one) => one.startsWith('!') && matches(one.slice(1), name))
  const isPlain = (name: string, value: string) =>
    !ofTheRunner.test(name) && (proxies.test(name) || !(secretNames.test(name) || looksLikeCredential(value)))
  return Object.fromEntries(
    Object.entries(own).flatMap(([name, value]) =>
      value !== undefined && !isTakenAway(name) && (isPlain(name, value) || isKept(name))
        ? [[name, value]]
        : [],
    ),
  )
}

function matches(pattern: string, name: string): boolean {
  return pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern
}
