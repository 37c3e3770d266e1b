import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { startElsewhere, verifyHostile } from '../../hostile/service-story.ts'
import { image } from '../judged/platform.ts'
import { handOver, objectsOf, written } from '../rollouts/target.ts'
import type { Stack } from '../stack.ts'
import { askPlain } from './ask.ts'
import type { Case } from './case.ts'

const [namespace, name] = ['hostile-service', 'hostile']
/** Traefik ranks a path above a host, so that the gateway's address is enough. */
const path = '/hostile'

export const hostileService: Case = {
  name: 'hostile-service',
  title:
    'a service that redirects, never ends, crashes in its answer and serves hostile documents is refused each time, with a verdict that brings a release back',
  minutes: 6,
  run: async ({ stack }) => {
    const elsewhere = await startElsewhere()
    try {
      await serve(stack, elsewhere.url)
      const url = `http://10.96.0.80${path}`
      const sentences = await verifyHostile({ url, entry: 'dist/index.js', restarted: () => answers() })
      for (const sentence of sentences) console.log(`refused: ${sentence}`)
      assert.equal(elsewhere.visits(), 0)
    } finally {
      elsewhere.close()
    }
    await stack.kubectl('delete', 'namespace', namespace, '--wait=false')
  },
}

async function serve(stack: Stack, elsewhere: string): Promise<void> {
  await handOver(stack, namespace)
  const program = readFileSync(join(import.meta.dirname, '../../hostile/service.ts'), 'utf8')
  const container = {
    image: await image(stack),
    args: ['/app/service.ts', '8080', elsewhere],
    volumeMounts: [{ name: 'program', mountPath: '/app', readOnly: true }],
  }
  const pod = { volumes: [{ name: 'program', configMap: { name: 'program' } }] }
  const file = written([
    {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'program', namespace },
      data: { 'service.ts': program },
    },
    ...objectsOf({ namespace, name, path, replicas: 1, container, pod }),
  ])
  await stack.kubectl('apply', '--filename', file)
}

/** Three times in a row: the gateway may still know of the pod before its crash. */
async function answers(): Promise<void> {
  let inARow = 0
  for (let tries = 0; tries < 240; tries += 1) {
    const answer = await askPlain('10.96.0.80', `${path}/good`).catch(() => null)
    inARow = answer?.status === 200 ? inARow + 1 : 0
    if (inARow === 3) return
    await new Promise((done) => setTimeout(done, 500))
  }
  throw new Error(`${path}/good did not answer three times in a row within 2 minutes`)
}
