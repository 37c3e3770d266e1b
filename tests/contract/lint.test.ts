import { join } from 'node:path'
import { beforeAll, describe, expect, test } from '@jest/globals'
import { systemProcess } from '@alt-las/process'
import { root } from '../../scripts/actions.ts'

/** A text in the place of a file that is there: what it imports is resolved from there. */
const cases = {
  'an arrow up': {
    filePath: 'packages/time/clock.ts',
    text: "import { systemProcess } from '@alt-las/process'\nexport const ask = systemProcess.ask\n",
    rule: 'import-x/no-restricted-paths',
  },
  'an arrow between rooms': {
    filePath: 'packages/registry/layout/layout.ts',
    text: "import { openSession } from '../client/session.ts'\nexport const open = openSession\n",
    rule: 'import-x/no-restricted-paths',
  },
  'a circle of types': {
    filePath: 'packages/time/clock.ts',
    text: "import type { RetryOptions } from './retry.ts'\nexport type Options = RetryOptions\n",
    rule: 'house/no-circles',
  },
  'an undeclared dependency': {
    filePath: 'packages/time/clock.ts',
    text: "import { parse } from 'yaml'\nexport const read = parse\n",
    rule: 'import-x/no-extraneous-dependencies',
  },
  'an undeclared dependency for its types': {
    filePath: 'packages/time/clock.ts',
    text: "import type { Outcome } from '@alt-las/outcome'\nexport type Result = Outcome\n",
    rule: 'import-x/no-extraneous-dependencies',
  },
  'a YAML library without limits': {
    filePath: 'packages/kubernetes/manifests/parse-manifests.ts',
    text: "import { parse } from 'yaml'\nexport const read = parse\n",
    rule: 'no-restricted-imports',
  },
  'an action that knows another': {
    filePath: 'actions/verify/src/summary.ts',
    text: "export { main } from '../../push-image/src/main.ts'\n",
    rule: 'import-x/no-restricted-paths',
  },
  'an oracle that asks what it judges': {
    filePath: 'packages/rollout/testing/oracle/pods.ts',
    text: "export { isReady } from '../../observe/workloads/pod-facts.ts'\n",
    rule: 'import-x/no-restricted-paths',
  },
  'a room of the engine that knows a later one': {
    filePath: 'packages/rollout/decide/decide.ts',
    text: "export { reconcile } from '../reconcile/reconcile.ts'\n",
    rule: 'import-x/no-restricted-paths',
  },
  'a router that knows how routers are found': {
    filePath: 'packages/routers/routes/istio.ts',
    text: "export { findRouter } from '../discovery/find-router.ts'\n",
    rule: 'import-x/no-restricted-paths',
  },
  'evidence that knows the verdict': {
    filePath: 'packages/judge/evidence/errors.ts',
    text: "export { decide } from '../verdict/verdict.ts'\n",
    rule: 'import-x/no-restricted-paths',
  },
  'a source of metrics that knows its meter': {
    filePath: 'packages/telemetry/sources/answer.ts',
    text: "export { meter } from '../meter/meter.ts'\n",
    rule: 'import-x/no-restricted-paths',
  },
  'a log that knows the step': {
    filePath: 'packages/runner/log/log.ts',
    text: "export { mask } from '../step/host.ts'\n",
    rule: 'import-x/no-restricted-paths',
  },
  'a controller that knows the simulation': {
    filePath: 'packages/simulated-cluster/controllers/workloads/pods.ts',
    text: "export { simulate } from '../../simulation/simulation.ts'\n",
    rule: 'import-x/no-restricted-paths',
  },
  'a fake that knows a server of the wire': {
    filePath: 'packages/testing/ports/clock.ts',
    text: "export { startProxy } from '../wire/proxy.ts'\n",
    rule: 'import-x/no-restricted-paths',
  },
  'a sound file': {
    filePath: 'packages/time/clock.ts',
    text: "import { Failure } from '@alt-las/failure'\nexport const kind = Failure\n",
    rule: null,
  },
}

// ESLint in a process of its own: in here it would be loaded through the tests' module loader, which takes far longer.
const script = `
  const { ESLint } = await import('eslint')
  const eslint = new ESLint()
  const found = {}
  for (const [name, { text, filePath }] of Object.entries(JSON.parse(process.argv[1]))) {
    const [{ messages }] = await eslint.lintText(text, { filePath })
    found[name] = messages.map(({ ruleId }) => ruleId)
  }
  console.log(JSON.stringify(found))
`

describe('lint refuses', () => {
  let found: Readonly<Record<string, readonly string[]>> = {}

  beforeAll(async () => {
    const node = join(root, 'node_modules', 'node', 'bin', 'node')
    const args = ['--input-type=module', '-e', script, '--', JSON.stringify(cases)]
    const { stdout, stderr } = await systemProcess.run(node, args, { cwd: root })
    if (stdout === '') throw new Error(stderr)
    found = JSON.parse(stdout) as typeof found
  }, 120_000)

  test.each(Object.entries(cases))('%s', (name, { rule }) => {
    if (rule === null) expect(found[name]).toEqual([])
    else expect(found[name]).toContain(rule)
  })
})
