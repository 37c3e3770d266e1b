import { mkdir, mkdtemp } from 'node:fs/promises'
import { join } from 'node:path'
import { actionLog, chooseService, readEnvironment, runAction } from '@alt-las/runner'
import { systemClock } from '@alt-las/time'
import { parse } from './inputs.ts'
import { releaseReport } from './release-report.ts'
import { outputsOf, summarize } from './summary.ts'
import { workspaceFiles } from './read/workspace-files.ts'

await runAction({
  name: 'release-report',
  parse,
  serviceOf: ({ service }) => chooseService({ service }),
  run: async (inputs) => {
    const { temp, workspace } = readEnvironment()
    const root = join(temp, 'alt-las')
    await mkdir(root, { recursive: true })
    const results = await mkdtemp(join(root, 'release-report-page-'))
    const files = workspaceFiles({ workspace, results })
    return releaseReport(inputs, { files, clock: systemClock, log: actionLog })
  },
  outputsOf,
  summarize,
})
