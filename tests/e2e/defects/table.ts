import { accessDefects } from './access.ts'
import { answerDefects } from './answers.ts'
import type { Defect } from './defect.ts'
import { doorDefects } from './doors.ts'
import { loadDefects } from './load.ts'
import { monitorDefects } from './monitor.ts'
import { networkDefects } from './network.ts'
import { podDefects } from './pods.ts'
import { workloadDefects } from './workloads.ts'

/** In this order. Each is undone before the next. */
export const defects: readonly Defect[] = [
  ...workloadDefects,
  ...podDefects,
  ...networkDefects,
  ...accessDefects,
  ...doorDefects,
  ...answerDefects,
  ...loadDefects,
  ...monitorDefects,
]
