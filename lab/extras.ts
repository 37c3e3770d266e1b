import { existsSync } from 'node:fs'
import { readable } from './base/duration.ts'
import type { Lab } from './base/lab.ts'
import { alone } from './base/lock.ts'
import { bringUpStages, statePart, type Part } from './base/part.ts'
import { buildTools } from './build/tools.ts'
import { plain, pushProgramImages } from './images/platform.ts'
import { metricsServer } from './parts/metrics-server.ts'
import { secretOperators } from './parts/secret-operators.ts'
import { extraBuilds, extraImages, type ExtraName } from './versions.ts'

/** What the cluster can have beside the parts of `up`. They come one after another. */
const stagesOf: Readonly<Record<ExtraName, readonly (readonly Part[])[]>> = {
  'metrics-server': [
    [
      statePart('metrics-server image', (lab) =>
        pushProgramImages(lab, [
          {
            name: extraImages.metricsServer,
            program: 'metrics-server',
            config: plain('metrics-server', '65532'),
          },
        ]),
      ),
    ],
    [metricsServer],
  ],
  'secret-operators': [[secretOperators]],
}

/** Builds the extra where it is not cached and brings it up; safe to repeat. It stays until `down`. Throws where the lab is not up. */
export async function bringUpExtra(lab: Lab, name: ExtraName): Promise<void> {
  if (!existsSync(lab.home)) throw new Error('the lab is not up: npm run lab -- up')
  await alone(lab, async () => {
    const begun = lab.clock.now()
    await buildTools(lab, extraBuilds[name])
    await bringUpStages(lab, stagesOf[name])
    lab.log(`${name}: up in ${readable(lab.clock.now() - begun)}`)
  })
}
