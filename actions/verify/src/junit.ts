import type { Check } from './check.ts'

/** JUnit XML for test viewers: a refused check is a failure, a check that could not be done is an error. None is skipped. */
export function toJunit(checks: readonly Check[]): string {
  const suites = [...Map.groupBy(checks, (one) => one.kind)].map(([kind, own]) => {
    const cases = own.map((one) => testCase(kind, one)).join('\n')
    return `  <testsuite name="${kind}" ${counts(own)}>\n${cases}\n  </testsuite>`
  })
  const all = `<testsuites name="verify" ${counts(checks)}>`
  return ['<?xml version="1.0" encoding="UTF-8"?>', all, ...suites, '</testsuites>', ''].join('\n')
}

function counts(checks: readonly Check[]): string {
  const count = (outcome: Check['outcome']) => String(checks.filter((one) => one.outcome === outcome).length)
  const time = seconds(checks.reduce((sum, one) => sum + one.ms, 0))
  return `tests="${checks.length}" failures="${count('refused')}" errors="${count('failed')}" time="${time}"`
}

function testCase(kind: string, one: Check): string {
  const open = `    <testcase classname="${kind}" name="${xml(one.name)}" time="${seconds(one.ms)}"`
  if (one.outcome === 'passed') return `${open}/>`
  const tag = one.outcome === 'refused' ? 'failure' : 'error'
  return `${open}>\n      <${tag} message="${xml(one.because)}"/>\n    </testcase>`
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(3)
}

function xml(text: string): string {
  return text
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '\ufffd')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll('\n', '&#10;')
}
