import type { Evidence } from '@alt-las/outcome'

/** The outcome of canary-deploy for one target. */
export type RolloutTarget = Evidence<'canary-deploy'>['targets'][number]

/** Traffic of both versions over one interval. */
export type Interval = NonNullable<RolloutTarget['judgement']>['course'][number]

export type VersionTraffic = Interval['canary']

/** canary-deploy keeps 60 at most; a longer list is cut. */
const most = 240

/** The intervals of a rollout in order, without empty or overlapping ones and those with more errors than requests. */
export function drawable(target: RolloutTarget | undefined): readonly Interval[] {
  const course: Interval[] = []
  for (const one of (target?.judgement?.course ?? []).slice(0, most)) {
    const after = course.at(-1)?.toMs ?? -Infinity
    const possible = [one.canary, one.stable].every(({ requests, errors }) => errors <= requests)
    // A value of 0 has no logarithm.
    if (possible && one.fromMs >= after && one.toMs > one.fromMs && one.value >= 0)
      course.push({ ...one, value: Math.max(1e-9, one.value) })
  }
  return course
}
