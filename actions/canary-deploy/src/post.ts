import { Failure } from '@alt-las/failure'
import { runPost } from '@alt-las/runner'
import { kubeconfigSecrets } from '@alt-las/secrets'
import { connected } from './connected.ts'
import { parse } from './inputs.ts'
import { finishUnfinished } from './operations/finish-unfinished.ts'
import { parseUnfinished } from './operations/unfinished-targets.ts'

/** A runner gives the post steps of a cancelled job five minutes. */
const timeoutMs = 240_000

/** Placeholder for an unused image. */
const noImage = `none@sha256:${'0'.repeat(64)}`

/** What was begun is taken back, whatever the step was to do. */
const insteadOf: Readonly<Record<string, string>> = { operation: 'abort', targets: '' }

await runPost({
  name: 'canary-deploy',
  secrets: [{ name: 'kubeconfig', valuesIn: kubeconfigSecrets }, 'metrics-token'],
  left: 'left',
  // Files that the inputs name may be gone; nothing is deployed here, and the targets are those that were left.
  parse: (read) =>
    parse((name) => insteadOf[name] ?? read(name), { imageAt: () => noImage, smokeAt: () => [] }),
  run: async (text, inputs, interrupted) => {
    const left = parseUnfinished(text)
    if (left.length === 0) return
    const environment = process.env
    await connected(inputs, { interrupted, environment }, async (ports) => {
      const results = await finishUnfinished(left, timeoutMs, ports)
      for (const { because } of results) ports.log.line(because)
      const open = results.filter(({ done }) => !done)
      if (open.length > 0)
        throw new Failure('unfinished', open.map(({ because }) => because).join('\n'), { fault: 'outside' })
    })
  },
})
