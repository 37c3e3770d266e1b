import { describe, expect, test } from '@jest/globals'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  evidenceTools,
  extraBuilds,
  extraImages,
  gatewayApi,
  goBuilds,
  platformImages,
  worldImages,
} from './versions.ts'

const file = (folder: string, name: string): string =>
  readFileSync(join(import.meta.dirname, 'go', folder, name), 'utf8')

const builds = [...goBuilds, ...evidenceTools, ...Object.values(extraBuilds).flat()]

describe.each(builds.filter((build) => build.patch === undefined))('$name', (build) => {
  test('requires the module in the version that versions.ts names', () => {
    expect(file(build.folder, 'go.mod')).toMatch(
      new RegExp(`^(require |\\t)${build.module.path} ${build.module.version}( |$)`, 'm'),
    )
  })

  test('holds the module to the checksum that versions.ts names', () => {
    expect(file(build.folder, 'go.sum')).toContain(
      `${build.module.path} ${build.module.version} ${build.module.sum}\n`,
    )
  })
})

test('a patched module has its patch beside the versions, and a checksum', () => {
  for (const build of builds.filter((one) => one.patch !== undefined)) {
    expect(existsSync(join(import.meta.dirname, 'go', build.folder, build.patch ?? ''))).toBe(true)
    expect(build.module.sum).toMatch(/^h1:/)
  }
})

test('the Gateway API resources are those that the gateway is built with', () => {
  expect(goBuilds.find(({ name }) => name === 'traefik')?.requires).toContain(gatewayApi)
})

test('every image of the lab has a host, a repository and a tag', () => {
  for (const name of [platformImages, extraImages, worldImages].flatMap((one) => Object.values(one)))
    expect(name).toMatch(/^[\w.]+\.\w+\/[\w/-]+:[\w.-]+$/)
})
