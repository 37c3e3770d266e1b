import type { KubeObject } from '@alt-las/kubernetes'
import type { Round } from '../round/round.ts'

interface Autoscaler extends KubeObject {
  readonly spec: {
    readonly minReplicas?: number
    readonly maxReplicas: number
    readonly scaleTargetRef: { readonly kind: string; readonly name: string }
  }
}

interface Scaled extends KubeObject {
  readonly spec: { readonly replicas?: number }
}

/** Sets the target's number to what the load asks for, never beyond the bounds; a target with 0 replicas is left alone. */
export function autoscalers(round: Round): void {
  for (const one of round.of<Autoscaler>('HorizontalPodAutoscaler')) {
    const { minReplicas = 1, maxReplicas, scaleTargetRef } = one.spec
    const target = round
      .of<Scaled>(scaleTargetRef.kind)
      .find(
        ({ metadata }) =>
          metadata.name === scaleTargetRef.name && metadata.namespace === one.metadata.namespace,
      )
    if (target === undefined || target.spec.replicas === 0) continue
    const currentReplicas = target.spec.replicas ?? 1
    const asked = round.load(one) ?? currentReplicas
    const desiredReplicas = Math.min(maxReplicas, Math.max(minReplicas, asked))
    if (desiredReplicas !== currentReplicas)
      round.put({ ...target, spec: { ...target.spec, replicas: desiredReplicas } } as KubeObject)
    round.put({ ...one, status: { currentReplicas, desiredReplicas } } as KubeObject)
  }
}
