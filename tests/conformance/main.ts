// The same script of calls against the simulated API server and a real one: `node tests/conformance/main.ts [case…]`. The real one is that
// of the local stack, or of KUBECONFIG. Each line is PASS where both have answered alike; the exit code is 1 where one has not.
import { join } from 'node:path'
import { describe } from '@alt-las/failure'
import { connect, type KubeObject, type Pod } from '@alt-las/kubernetes'
import { simulate, type Behaviour } from '@alt-las/simulated-cluster'
import { systemClock, type Clock } from '@alt-las/time'
import { definitions } from './cases/definitions.ts'
import { manifests } from './cases/manifests.ts'
import { owners } from './cases/owners.ts'
import { records } from './cases/records.ts'
import { routes } from './cases/routes.ts'
import { jobsAndSets } from './cases/jobs-and-sets.ts'
import { workloads } from './cases/workloads.ts'
import { differences, masked } from './mask.ts'
import type { Case, World } from './world.ts'

const home = process.env['ALT_LAS_LAB_HOME'] ?? '/var/lib/alt-las-lab'
const kubeconfig = process.env['KUBECONFIG'] ?? join(home, 'pki', 'admin.conf')
const asked = process.argv.slice(2)
const cases = [records, manifests, definitions, owners, routes, jobsAndSets, workloads].filter(
  ({ name }) => asked.length === 0 || asked.includes(name),
)
const real = connect({ kubeconfig, context: null, environment: process.env }, systemClock)

/** A process that ends at once with exit code 3, and any other. */
function behaviour(_image: string, pod: Pod): Behaviour {
  return pod.spec.containers[0]?.command?.at(-1) === 'exit 3' ? 'crash' : 'ready'
}

async function played({ steps }: Case, world: World): Promise<readonly unknown[]> {
  const answers: unknown[] = []
  for (const { run } of steps) {
    const answer = await run(world).catch((error: unknown) => ({ broken: describe(error) }))
    answers.push(masked(answer, world.namespace))
  }
  return answers
}

async function inNamespace<T>(
  name: string,
  cluster: World['cluster'],
  clock: Clock,
  work: (world: World) => Promise<T>,
): Promise<T> {
  const namespace: KubeObject = { apiVersion: 'v1', kind: 'Namespace', metadata: { name } }
  await cluster.apply(namespace, 'one')
  try {
    return await work({ cluster, clock, namespace: name })
  } finally {
    await cluster.remove({ apiVersion: 'v1', kind: 'Namespace', name }, {})
  }
}

async function compared(one: Case): Promise<readonly string[]> {
  const simulation = simulate({ behaviour, defaults: true })
  const simulated = await inNamespace('simulated', simulation.cluster, simulation.clock, (world) =>
    played(one, world),
  )
  const name = `try-conformance-${one.name.replaceAll(' ', '-')}-${process.pid}`
  const found = await inNamespace(name, real.cluster, systemClock, (world) => played(one, world))
  return one.steps.map((step, index) => {
    const broken = [found[index], simulated[index]].flatMap((one) => brokenOf(one))
    const differs = [...broken, ...differences(found[index], simulated[index])]
    const title = `${one.name}: ${step.name}`
    return differs.length === 0 ? `PASS ${title}` : [`FAIL ${title}`, ...differs].join('\n       ')
  })
}

/** A step that could not be played is never a pass, even if neither server could play it. */
function brokenOf(answer: unknown): readonly string[] {
  const isBroken = typeof answer === 'object' && answer !== null && 'broken' in answer
  return isBroken ? [String(answer.broken)] : []
}

const lines = (await Promise.all(cases.map(compared))).flat()
real.close()
for (const line of lines) console.log(line)
const failed = lines.filter((line) => line.startsWith('FAIL')).length
console.log(`conformance: ${lines.length - failed} passed, ${failed} failed`)
if (failed > 0) process.exitCode = 1
