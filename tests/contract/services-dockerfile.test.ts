import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { root } from '../../scripts/actions.ts'
import { parseDockerfile } from '../../actions/build-image/src/dockerfile/dockerfile.ts'
import { judgeRefused } from '../../actions/build-image/src/practice/practice.ts'
import { judgeSource } from '../../actions/build-image/src/practice/source-rules.ts'
import { readWorkflow } from '../workflows/read.ts'

const services = globSync('services/*/main.ts', { cwd: root })
  .map((path) => path.split('/')[1] ?? '')
  .sort()
const text = readFileSync(join(root, 'services/Dockerfile'), 'utf8')

describe('the Dockerfile of the services', () => {
  test('is the only one, and production builds every service by it', () => {
    expect(globSync('services/**/*Dockerfile*', { cwd: root, exclude: ['**/node_modules/**'] })).toEqual([
      'services/Dockerfile',
    ])
    const { build } = readWorkflow('.github/workflows/production-ci-cd.yaml').jobs
    expect(build?.strategy?.matrix['service']?.toSorted()).toEqual(services)
    const step = build?.steps.find(({ uses }) => uses === './actions/build-image')
    expect(step?.with).toMatchObject({
      context: 'services',
      file: 'services/Dockerfile',
      'test-target': 'test',
      'build-args': expect.stringMatching(/^SERVICE=\$\{\{ matrix\.service \}\}$/m),
    })
  })

  test.each(services)('keeps every rule of practice for %s, and none is left unjudged', (service) => {
    const pinned = (name: string) => `docker.io/library/${name}@sha256:${'a'.repeat(64)}`
    const args = { SERVICE: service, NODE_IMAGE: pinned('node'), RUNTIME_IMAGE: pinned('runtime') }
    const options = {
      target: null,
      testTarget: 'test',
      builderPlatform: 'linux/amd64',
      buildArgs: new Map(Object.entries(args)),
      contexts: new Map<string, string>(),
    }
    const dockerfile = parseDockerfile(text)
    expect(judgeRefused(dockerfile, options, ['linux/amd64'])).toEqual([])
    expect(judgeSource(dockerfile, { ...options, platform: 'linux/amd64' }).unjudged).toEqual([])
  })

  // Else the digest of one service would change with the source of another.
  test('copies the folder of its service and what all share, and no service imports another', () => {
    const copied = [...text.matchAll(/^COPY (?!.*--from=)(?:--\S+ )*(.+) \S+$/gm)].flatMap(([, from = '']) =>
      from.split(' ').map((source) => source.split('/')[0]),
    )
    expect([...new Set(copied)].sort()).toEqual(['${SERVICE}', 'http'])
    for (const service of services)
      for (const path of globSync(`services/${service}/!(*.test).ts`, { cwd: root })) {
        const imports = readFileSync(join(root, path), 'utf8').matchAll(/from '(\.\.?\/[^']+)'/g)
        for (const [, from] of imports) expect(from).toMatch(/^(?:\.\/|\.\.\/http\/)[\w-]+\.ts$/)
      }
  })

  test('names each image by its service', () => {
    expect(text).toContain('org.opencontainers.image.title="${SERVICE}"')
  })
})
