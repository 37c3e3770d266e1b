const secretName =
  /(?:^|[_.-])(?:PASSWORD|PASSWD|PASSPHRASE|SECRET|TOKEN|API_?KEY|PRIVATE_?KEY|ACCESS_?KEY|SECRET_?KEY|CREDENTIALS?)$/i
// `MYSQL_ALLOW_EMPTY_PASSWORD`, `MYSQL_RANDOM_ROOT_PASSWORD`: a choice about a credential, not the credential.
const switchName = /(?:^|[_.-])(?:ALLOW|EMPTY|RANDOM|GENERATE|ENABLE|DISABLE|REQUIRE|SKIP|NO)(?=[_.-])/i
const secretValue =
  /-----BEGIN [A-Z ]*PRIVATE KEY|\bgh[pousr]_\w{30,}|\bgithub_pat_\w{20,}|\bAKIA[0-9A-Z]{16}\b|\bnpm_\w{30,}|\bxox[abprs]-\w{8,}|\bglpat-[\w-]{20,}|\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.|:\/\/[^/\s:@]{1,256}:[^/\s:@$]{1,256}@/
// Switches, numbers, times, and paths such as GOOGLE_APPLICATION_CREDENTIALS=/var/run/key.json.
const harmless =
  /^(?:true|false|yes|no|on|off|enabled?|disabled?|required|optional|none|null|\d+(?:ms|s|m|h|d)?|(?:\/[\w.-]+){2,}|)$/i

/** Why this looks like a credential, for a person; null where it does not. The value itself is never quoted. */
export function credentialIn(name: string, value: string | null): string | null {
  if (value !== null && secretValue.test(value)) return `the value of ${name} looks like a credential`
  if (!secretName.test(name) || switchName.test(name) || (value !== null && harmless.test(value))) return null
  return `${name} is named like a credential`
}

/** Whether a text shows something that can only be a credential. */
export function credentialInText(text: string): boolean {
  return secretValue.test(text)
}
