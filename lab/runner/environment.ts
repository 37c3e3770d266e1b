import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { basename, dirname } from 'node:path'
import { addresses, mirroredHosts } from '../addresses.ts'
import { at, kubeconfig, tool, type Lab } from '../base/lab.ts'
import { product } from '../git/repository.ts'
import { guardImage } from '../images/guard.ts'
import { builderImage, runtimeImage } from '../images/node.ts'
import { pinned } from '../images/world.ts'
import { builderName, dockerConfig } from '../parts/buildkit.ts'
import { trustBundle } from '../parts/pki.ts'
import { trivyDatabase } from '../versions.ts'
import { deployerKubeconfig } from './deployer-kubeconfig.ts'
import { runPath, type RunRequest } from './run-folder.ts'

/** Repository variables, as they are set once in GitHub's settings; those of the request win. */
export async function variablesOf(lab: Lab, request: RunRequest): Promise<Readonly<Record<string, string>>> {
  return {
    NODE_IMAGE: await pinned(lab, builderImage),
    RUNTIME_IMAGE: await pinned(lab, runtimeImage),
    GUARD_IMAGE: await pinned(lab, guardImage),
    TRIVY_DB_REPOSITORY: trivyDatabase,
    PRODUCTION_URL: `https://${addresses.publicHost}`,
    BETA_URL: `https://${addresses.betaHost}`,
    // Short: the lab is to be watched, and its scrapes are five seconds apart.
    CANARY_STEPS: 'auto',
    BAKE: '10s',
    // Two cores that also build: how long an answer takes here says little about a version.
    LATENCY_MARGIN: 'off',
    ROLLBACK_WINDOW: '5s',
    ...request.variables,
  }
}

/** Production and beta are deployed by their own deployers with a short-lived token, every other repository by the lab's user. */
export const secretsOf = async (
  lab: Lab,
  run: number,
  { repository, workflow }: RunRequest,
): Promise<Readonly<Record<string, string>>> => ({
  KUBE_CONFIG:
    repository === product
      ? await deployerKubeconfig(lab, run, basename(workflow).startsWith('beta-') ? 'beta' : 'production')
      : readFileSync(kubeconfig(lab, 'deployer'), 'utf8'),
  GITHUB_TOKEN: 'lab-token-that-opens-nothing-outside',
})

/** What a hosted runner's machine would bring: programs on the PATH, trust, a builder. Nothing of the caller's own environment but that. */
export function runnerEnvironment(
  lab: Lab,
  run: number,
  request: RunRequest,
): Readonly<Record<string, string>> {
  prepareBin(lab)
  const home = runPath(lab, run, 'home')
  mkdirSync(home, { recursive: true })
  const trust = trustBundle(lab)
  return {
    HOME: home,
    XDG_CACHE_HOME: runPath(lab, run, 'cache'),
    PATH: [
      at(lab, 'runner-bin'),
      dirname(process.execPath),
      '/usr/local/sbin',
      '/usr/local/bin',
      '/usr/sbin',
      '/usr/bin',
      '/sbin',
      '/bin',
    ].join(':'),
    LANG: 'C.UTF-8',
    // The runner gives its steps a terminal, which GitHub's does not.
    TERM: 'dumb',
    PAGER: 'cat',
    CI: 'true',
    DOCKER_CONFIG: dockerConfig(lab),
    BUILDX_BUILDER: builderName,
    SSL_CERT_FILE: trust,
    CURL_CA_BUNDLE: trust,
    GIT_SSL_CAINFO: trust,
    NODE_EXTRA_CA_CERTS: trust,
    TRIVY_SKIP_VERSION_CHECK: 'true',
    TRIVY_DISABLE_TELEMETRY: 'true',
    TRIVY_SKIP_JAVA_DB_UPDATE: 'true',
    TRIVY_SKIP_CHECK_UPDATE: 'true',
    ALT_LAS_ARTIFACTS: runPath(lab, run, 'artifacts'),
    GITHUB_RUN_ID: String(run),
    GITHUB_RUN_NUMBER: String(run),
    GITHUB_RUN_ATTEMPT: String(request.attempt),
    ...proxies(lab),
  }
}

function proxies(lab: Lab): Readonly<Record<string, string>> {
  const names = ['HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY', 'http_proxy', 'https_proxy', 'no_proxy']
  return Object.fromEntries(
    names.flatMap((name) => (lab.environment[name] === undefined ? [] : [[name, lab.environment[name]]])),
  )
}

/** Programs that the runner's steps find, and no other program of the lab. */
function prepareBin(lab: Lab): void {
  const bin = at(lab, 'runner-bin')
  mkdirSync(bin, { recursive: true })
  for (const name of ['trivy', 'kubectl']) link(`${bin}/${name}`, tool(lab, name))
  link(`${bin}/docker-buildx`, tool(lab, 'buildx'))
  const docker = `${bin}/docker`
  const script = '#!/bin/sh\n# The lab has no docker daemon: only `docker buildx` leads somewhere.\n'
  const body =
    '[ "${1:-}" = buildx ] || { echo "docker: only buildx is there in the lab" >&2; exit 125; }\nshift\nexec docker-buildx "$@"\n'
  if (!existsSync(docker)) writeFileSync(docker, script + body, { mode: 0o755 })
}

/** In one step: another run may be using it. */
function link(path: string, target: string): void {
  rmSync(`${path}.new`, { force: true })
  symlinkSync(target, `${path}.new`)
  renameSync(`${path}.new`, path)
}

/** The names that lead to the lab, for the runner's own mount namespace; the machine's file is never touched. */
export const hostsFile = (): string =>
  [
    '127.0.0.1 localhost',
    `${addresses.registry} ${mirroredHosts.join(' ')} registry-1.docker.io`,
    `${addresses.gateway} ${addresses.publicHost} ${addresses.betaHost}`,
    '',
  ].join('\n')
