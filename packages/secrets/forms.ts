/**
 * Tokens that are recognised by their form. Linear time: a pattern starts at most once for each run of letters, or has a bounded
 * length; no quantifier is nested.
 */
export const tokenForms: readonly string[] = [
  // JWT: header and payload are JSON objects, `{"` in base64url is `eyJ`
  String.raw`(?<![\w-])[\w-]+\.eyJ[\w-]{4,}[\w.-]*`,
  String.raw`(?<![\w-])eyJ[\w-]{8,}\.[\w-]{8,}[\w.-]*`,
  // GitHub, GitLab, npm, Slack, AWS, Google, Docker Hub, Stripe, Hugging Face, PyPI
  String.raw`\bgh[a-z]_\w{20,}`,
  String.raw`\bgithub_pat_\w{20,}`,
  String.raw`\bglpat-[\w-]{20,}`,
  String.raw`\bnpm_\w{30,}`,
  String.raw`\bxox[a-z]-[\w-]{8,}`,
  String.raw`\bA[KS]IA[0-9A-Z]{16}\b`,
  String.raw`\bAIza[\w-]{35}`,
  String.raw`\bdckr_pat_[\w-]{20,}`,
  String.raw`\b[rs]k_live_\w{16,}`,
  String.raw`\bhf_\w{30,}`,
  String.raw`\bpypi-[\w-]{50,}`,
]

export const privateKey = '-----BEGIN [A-Z ]{0,30}PRIVATE KEY'
