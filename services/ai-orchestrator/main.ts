import { calls } from '../http/calls.ts'
import { answers, remembered } from '../http/dependency.ts'
import { start } from '../http/start.ts'
import { orchestrator } from './orchestrator.ts'
import { segmentationAt, type AskSegmentation } from './segmentation.ts'

await start(
  {
    name: 'ai-orchestrator',
    read: (environment) => ({
      segmentationUrl: environment.url('SEGMENTATION_URL'),
      timeoutMs: 1000 * environment.whole('SEGMENTATION_TIMEOUT_SECONDS', { min: 1, max: 300, fallback: 5 }),
    }),
    compose: ({ segmentationUrl, timeoutMs }) => {
      const segmentation = remembered(answers('segmentation', `${segmentationUrl}/readyz`, 1000))
      const ask = segmentationAt(segmentationUrl, timeoutMs)
      const measured = calls(() => performance.now() / 1000)
      const split: AskSegmentation = (text, requestId) =>
        measured.measure(new URL(segmentationUrl).hostname, () => ask(text, requestId))
      const routes = orchestrator({ split, doubt: segmentation.doubt })
      return { routes, dependencies: [segmentation], exposes: measured.render }
    },
  },
  process.env,
)
