import { Failure } from '@alt-las/failure'
import { repositoryIn } from '@alt-las/registry'
import type { Pod, Workload } from '@alt-las/kubernetes'
import { no, yes, type CheckFinding } from '../check.ts'
import type { Released } from './released.ts'

/** Every digest under which a runtime may name this image: its index, its platforms' manifests, their configurations. */
export interface ImageNames {
  namesOf(released: Released): Promise<ReadonlySet<string>>
}

export interface Running {
  readonly workload: Workload
  readonly pods: readonly Pod[]
}

/** Each pod that uses a released repository runs the released digest, as its runtime reports it. The registry is asked where they differ. */
export async function judgeImage(
  released: Released,
  running: readonly Running[],
  { registry }: { readonly registry: ImageNames },
): Promise<CheckFinding> {
  const used = running.flatMap((one) => uses(released, one))
  const where = released.workload ?? 'the verified workloads'
  if (used.length === 0) return no(`no pod of ${where} runs ${released.repository}`)
  const unknown = used.filter((one) => one.digest === null)
  if (unknown.length > 0) return no(`${list(unknown)}: the runtime reports no image yet`)
  const others = used.filter((one) => one.digest !== released.digest)
  if (others.length > 0) {
    const names = await namesOf(released, { registry, others })
    const wrong = others.filter((one) => !names.has(one.digest ?? ''))
    if (wrong.length > 0) return no(`${list(wrong)}; released is ${released.digest}`)
  }
  return yes(`${count(used.length, 'pod')} run ${short(released.digest)}`)
}

async function namesOf(
  released: Released,
  { registry, others }: { readonly registry: ImageNames; readonly others: readonly Use[] },
): Promise<ReadonlySet<string>> {
  try {
    return await registry.namesOf(released)
  } catch (error) {
    const what = `${list(others)}; whether that belongs to the released ${released.digest} is unknown`
    throw new Failure('image-unknown', what, { fault: 'outside', cause: error })
  }
}

interface Use {
  readonly pod: string
  readonly digest: string | null
}

function uses(released: Released, { workload, pods }: Running): readonly Use[] {
  if (released.workload !== null && released.workload !== workload.metadata.name) return []
  return pods.flatMap((pod) => {
    const containers = [...(pod.spec.initContainers ?? []), ...pod.spec.containers]
    const statuses = [...(pod.status?.initContainerStatuses ?? []), ...(pod.status?.containerStatuses ?? [])]
    return containers
      .filter((container) => repositoryIn(container.image) === released.repository)
      .map((container) => ({
        pod: pod.metadata.name,
        digest: digestIn(statuses.find((status) => status.name === container.name)?.imageID),
      }))
  })
}

function digestIn(imageID: string | undefined): string | null {
  return /sha256:[0-9a-f]{64}$/.exec(imageID ?? '')?.[0] ?? null
}

function list(uses: readonly Use[]): string {
  const shown = uses.slice(0, 3).map(({ pod, digest }) => `${pod} runs ${digest ?? 'nothing'}`)
  return shown.join(', ') + (uses.length > 3 ? ` and ${uses.length - 3} more` : '')
}

function short(digest: string): string {
  return digest.slice(0, 19)
}

function count(n: number, thing: string): string {
  return n === 1 ? `the one ${thing}` : `all ${n} ${thing}s`
}
