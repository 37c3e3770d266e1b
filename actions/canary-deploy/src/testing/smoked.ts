import type { Pod, Service } from '@alt-las/kubernetes'
import type { Smoke, SmokeResult } from '@alt-las/rollout'
import type { FakeCluster } from '@alt-las/simulated-cluster'

/** Answers for the pods behind the target by their image; with pods of two images behind it nothing is alone. */
export function smoked(cluster: FakeCluster, outcomeOf: (image: string) => SmokeResult['outcome']): Smoke {
  return {
    run: (tests, { kind, namespace, name }) => {
      const service = cluster.peek<Service>({ apiVersion: 'v1', kind: 'Service', namespace, name })
      const selector = Object.entries(service?.spec.selector ?? {})
      const pods = cluster
        .all<Pod>('Pod')
        .filter(({ metadata }) =>
          kind === 'pod'
            ? metadata.name === name
            : selector.length > 0 && selector.every(([key, value]) => metadata.labels?.[key] === value),
        )
      const [image = 'none', ...others] = [
        ...new Set(pods.map(({ spec }) => spec.containers[0]?.image ?? '')),
      ]
      if (others.length > 0) throw new Error(`${kind} ${name} has pods of ${[image, ...others].join(', ')}`)
      const outcome = image === 'none' ? 'failed' : outcomeOf(image)
      const because = `${outcome} by ${image}`
      return Promise.resolve({
        outcome,
        because,
        checks: tests.map((test) => ({ name: test.name, outcome, because, ms: 3 })),
      })
    },
  }
}
