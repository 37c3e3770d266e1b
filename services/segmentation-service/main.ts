import { start } from '../http/start.ts'
import { segmentation } from './segmentation.ts'

await start(
  {
    name: 'segmentation-service',
    read: () => null,
    compose: () => ({ routes: segmentation(), dependencies: [] }),
  },
  process.env,
)
