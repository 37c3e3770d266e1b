import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { mirroredHosts, registryEndpoint } from '../addresses.ts'
import { at, laboratoryCa, tool, type Lab } from '../base/lab.ts'
import { daemonPart } from '../base/part.ts'
import { must, run } from '../base/run.ts'

export const builderName = 'alt-las-lab'
const socket = (lab: Lab): string => `unix://${at(lab, 'buildkit', 'buildkitd.sock')}`

/** Where docker's own configuration of the workflow runner lives: the builder is registered there, never with the machine's docker. */
export const dockerConfig = (lab: Lab): string => at(lab, 'docker')

export const buildkitd = daemonPart({
  name: 'buildkitd',
  prepare: (lab) => {
    mkdirSync(at(lab, 'buildkit'), { recursive: true })
    writeFileSync(at(lab, 'buildkit', 'buildkitd.toml'), configFile(lab))
    return Promise.resolve()
  },
  daemon: (lab) => ({
    command: tool(lab, 'buildkitd'),
    args: ['--config', at(lab, 'buildkit', 'buildkitd.toml')],
  }),
  isReady: async (lab) => {
    const seen = await run(tool(lab, 'buildx'), ['inspect', builderName], { env: await registered(lab) })
    return /Status:\s+running/.test(seen.stdout)
  },
  patience: 30,
})

/** Registers the builder under the name that the workflow selects by BUILDX_BUILDER; returns the environment that knows it. */
async function registered(lab: Lab): Promise<Record<string, string>> {
  const env = { ...lab.environment, DOCKER_CONFIG: dockerConfig(lab), HOME: lab.home }
  const plugins = at(lab, 'docker', 'cli-plugins')
  mkdirSync(plugins, { recursive: true })
  rmSync(`${plugins}/docker-buildx`, { force: true })
  symlinkSync(tool(lab, 'buildx'), `${plugins}/docker-buildx`)
  const known = await run(tool(lab, 'buildx'), ['ls', '--format', '{{.Name}}'], { env })
  if (!known.stdout.split('\n').includes(builderName)) {
    await must(tool(lab, 'buildx'), ['create', '--name', builderName, '--driver', 'remote', socket(lab)], {
      env,
    })
  }
  return env
}

// Each host of an image name leads to the lab's registry, by the lab's authority. The host's network lets RUN reach the package registries.
const configFile = (lab: Lab): string => `root = "${at(lab, 'buildkit', 'root')}"
[grpc]
  address = ["${socket(lab)}"]
[worker.oci]
  enabled = true
  snapshotter = "overlayfs"
  networkMode = "host"
  binary = "/usr/sbin/runc"
  gc = true
  reservedSpace = "1GB"
[worker.containerd]
  enabled = false
${mirroredHosts.map((host) => `[registry."${host}"]\n  mirrors = ["${registryEndpoint}"]\n`).join('')}[registry."${registryEndpoint}"]
  http = false # a loopback address is asked without TLS otherwise
  ca = ["${laboratoryCa(lab)}"]
`
