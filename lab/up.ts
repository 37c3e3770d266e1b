import { mkdirSync } from 'node:fs'
import { readable } from './base/duration.ts'
import { kubeconfig, type Lab } from './base/lab.ts'
import { alone } from './base/lock.ts'
import { bringUpStages, statePart, type Part } from './base/part.ts'
import { installDebianPrograms } from './build/debian.ts'
import { pruneCache } from './build/prune.ts'
import { buildTools, linkKubectl } from './build/tools.ts'
import { lookAtMachine } from './check/machine.ts'
import { problems } from './check/problems.ts'
import { gitRemote } from './git/remote.ts'
import { pushPlatformImages } from './images/platform.ts'
import { pushTrivyDatabase } from './images/trivy-database.ts'
import { pushWorldImages } from './images/world.ts'
import { buildkitd } from './parts/buildkit.ts'
import { containerd } from './parts/containerd.ts'
import {
  apiServer,
  controllerManager,
  etcd,
  kubeProxy,
  networkPolicies,
  scheduler,
} from './parts/control-plane.ts'
import { deployer } from './parts/deployer.ts'
import { dns } from './parts/dns.ts'
import { gateway, gatewayResources } from './parts/gateway.ts'
import { kubelet } from './parts/kubelet.ts'
import { network } from './parts/network.ts'
import { outside } from './parts/outside.ts'
import { pki } from './parts/pki.ts'
import { production } from './parts/production.ts'
import { registry } from './parts/registry.ts'
import { storage } from './parts/storage.ts'
import { goBuilds } from './versions.ts'

const platformImages = statePart('platform images', pushPlatformImages)
const worldImages = statePart('base images', pushWorldImages)
const trivyDatabase = statePart('vulnerability database', pushTrivyDatabase)

/** The order in which the parts come up. Those of one line do not need each other. */
export const stages: readonly (readonly Part[])[] = [
  [outside],
  [pki, network],
  [etcd, registry, containerd, buildkitd],
  [apiServer, platformImages],
  [controllerManager, scheduler, kubelet, kubeProxy, networkPolicies, gatewayResources],
  [dns, gateway, storage, production, trivyDatabase],
  [worldImages, gitRemote, deployer],
]

/**
 * Brings the whole lab up; parts that run stay as they are. Says first, and all at once, what the machine lacks: then nothing on it has
 * been changed.
 */
export async function up(lab: Lab): Promise<void> {
  const found = problems(await lookAtMachine(lab))
  if (found.length > 0)
    throw new Error(`this machine cannot run the lab:\n${found.map((one) => `- ${one}`).join('\n')}`)
  await alone(lab, () => bringAllUp(lab))
}

async function bringAllUp(lab: Lab): Promise<void> {
  const begun = lab.clock.now()
  mkdirSync(lab.home, { recursive: true })
  mkdirSync(lab.cache, { recursive: true })
  await installDebianPrograms(lab)
  await buildTools(lab, goBuilds)
  linkKubectl(lab)
  await bringUpStages(lab, stages)
  pruneCache(lab)
  lab.log(
    `up in ${readable(lab.clock.now() - begun)}; the cluster: export KUBECONFIG=${kubeconfig(lab, 'admin')}`,
  )
}
