import { basename } from 'node:path'
import type { Process } from './process.ts'
import { systemProcess } from './system-process.ts'

const aws = ['AWS_*'] as const
const google = ['GOOGLE_*', 'CLOUDSDK_*'] as const
const azure = ['AZURE_*', 'ARM_*', 'AAD_*', 'MSI_*', 'IDENTITY_HEADER'] as const

/** The variables in which programs find their credentials, by their own documentation. */
const known: ReadonlyMap<string, readonly string[]> = new Map<string, readonly string[]>([
  ['docker-credential-ecr-login', aws],
  ['docker-credential-gcr', google],
  ['docker-credential-gcloud', google],
  ['docker-credential-acr-env', azure],
  ['docker-credential-acr-linux', azure],
  ['docker-credential-ghcr-login', ['GITHUB_TOKEN', 'GH_TOKEN']],
  ['docker-credential-pass', ['PASSWORD_STORE_*']],
  ['docker-credential-secretservice', []],
  ['docker-credential-desktop', []],
  ['docker-credential-osxkeychain', []],
  ['docker-credential-wincred', []],
  ['aws', aws],
  ['aws-iam-authenticator', aws],
  ['gcloud', google],
  ['gke-gcloud-auth-plugin', google],
  ['az', azure],
  // It can log in as the job itself (`--login workloadidentity`).
  ['kubelogin', [...azure, 'ACTIONS_ID_TOKEN_REQUEST_TOKEN', 'ACTIONS_ID_TOKEN_REQUEST_URL']],
  ['doctl', ['DIGITALOCEAN_*']],
  ['oci', ['OCI_*']],
  ['scw', ['SCW_*']],
  ['tsh', ['TELEPORT_*', 'TSH_*']],
])

/**
 * Credentials of the job that a credential helper or a plugin of a kubeconfig may see, for `keep`. A program that is not listed may find
 * its own in a variable of any name: it sees all but those of the runner.
 */
export function credentialVariables(command: string): readonly string[] {
  return known.get(basename(command).replace(/\.exe$/, '')) ?? ['*']
}

/** Runs credential helpers: each sees its own credentials, and no other program's. */
export const helperProcess: Pick<Process, 'run'> = {
  run: (command, args, options) =>
    systemProcess.run(command, args, { ...options, keep: credentialVariables(command) }),
}
