import { looksLikeCredential, namedLikeCredential } from '@alt-las/secrets'

// `MYSQL_ALLOW_EMPTY_PASSWORD`, `MYSQL_RANDOM_ROOT_PASSWORD`: a choice about a credential, not the credential.
const switchName = /(?:^|[_.-])(?:ALLOW|EMPTY|RANDOM|GENERATE|ENABLE|DISABLE|REQUIRE|SKIP|NO)(?=[_.-])/i
// Switches, numbers, times, and paths such as GOOGLE_APPLICATION_CREDENTIALS=/var/run/key.json.
const harmless =
  /^(?:true|false|yes|no|on|off|enabled?|disabled?|required|optional|none|null|\d+(?:ms|s|m|h|d)?|(?:\/[\w.-]+){2,}|)$/i

/** Why this looks like a credential, for a person; null where it does not. The value itself is never quoted. */
export function credentialIn(name: string, value: string | null): string | null {
  if (value !== null && looksLikeCredential(value)) return `the value of ${name} looks like a credential`
  if (!namedLikeCredential(name) || switchName.test(name) || (value !== null && harmless.test(value)))
    return null
  return `${name} is named like a credential`
}
