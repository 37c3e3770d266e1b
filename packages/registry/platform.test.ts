import { expect, test } from '@jest/globals'
import { formatPlatform, normalPlatform } from './index.ts'

test.each([
  ['linux/amd64', 'linux/amd64'],
  ['linux/amd64/v1', 'linux/amd64'],
  ['linux/amd64/v3', 'linux/amd64/v3'],
  ['Linux/x86_64', 'linux/amd64'],
  ['linux/arm64/v8', 'linux/arm64'],
  ['linux/arm64/8', 'linux/arm64'],
  ['linux/aarch64', 'linux/arm64'],
  ['linux/arm', 'linux/arm/v7'],
  ['linux/armel', 'linux/arm/v6'],
  ['linux/arm/v6', 'linux/arm/v6'],
  ['linux/386', 'linux/386'],
])('%s is %s', (given, expected) => {
  expect(normalPlatform(given)).toBe(expected)
  const [os = '', architecture = '', variant] = given.split('/')
  expect(formatPlatform({ os, architecture, ...(variant === undefined ? {} : { variant }) })).toBe(expected)
})
