import { privateKey, tokenForms } from './forms.ts'

const name =
  /(?:^|[_.-])(?:PASSWORD|PASSWD|PASSPHRASE|SECRET|TOKEN|API_?KEY|PRIVATE_?KEY|ACCESS_?KEY|SECRET_?KEY|CREDENTIALS?)$/i
// `https://$USER:$PASSWORD@host` names variables and holds no secret.
const address = String.raw`:\/\/[^/\s:@]{1,256}:[^/\s:@$]{1,256}@`
const value = new RegExp([privateKey, ...tokenForms, address].join('|'))

/** Whether a text holds something of a credential's form: a token, a private key, a password in an address. */
export function looksLikeCredential(text: string): boolean {
  return value.test(text)
}

/** Whether a variable, argument or label is named like a credential: `NPM_TOKEN`, `db.password`. */
export function namedLikeCredential(text: string): boolean {
  return name.test(text)
}
