const secretName =
  /(?:^|[_.-])(?:PASSWORD|PASSWD|PASSPHRASE|SECRET|TOKEN|API_?KEY|PRIVATE_?KEY|ACCESS_?KEY|SECRET_?KEY|CREDENTIALS?)$/i
const secretValue =
  /-----BEGIN [A-Z ]*PRIVATE KEY|\bgh[pousr]_\w{30,}|\bgithub_pat_\w{20,}|\bAKIA[0-9A-Z]{16}\b|\bnpm_\w{30,}|\bxox[abprs]-\w{8,}|\bglpat-[\w-]{20,}|\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.|:\/\/[^/\s:@]+:[^/\s:@$]+@/
const harmless = /^(?:true|false|\d+|)$/i

/** Why this looks like a credential, for a person; null where it does not. The value itself is never quoted. */
export function credentialIn(name: string, value: string | null): string | null {
  if (value !== null && secretValue.test(value)) return `the value of ${name} looks like a credential`
  if (secretName.test(name) && (value === null || !harmless.test(value)))
    return `${name} is named like a credential`
  return null
}
