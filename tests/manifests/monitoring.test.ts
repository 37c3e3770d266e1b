import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { parser as logql } from '@grafana/lezer-logql'
import { parse } from 'yaml'
import type { ConfigMap } from '@alt-las/kubernetes'
import { judgeMaps } from '../../actions/verify/src/security/secrets/judge-maps.ts'
import { boards } from '../../kubernetes/monitoring/dashboards/index.ts'
import { generated } from '../../kubernetes/monitoring/generated.ts'
import { panelsOf } from '../../kubernetes/monitoring/panel-queries.ts'
import { folder, type Manifest, manifestsIn, one, podsOf, production } from './read.ts'

const monitoring = manifestsIn('production/monitoring.yaml')
const observers = ['namespace', 'collector', 'state-metrics'].flatMap((name) =>
  manifestsIn(`monitoring/observers/${name}.yaml`),
)
const text = (path: string): string => readFileSync(join(folder('monitoring'), path), 'utf8')
const entry = (manifests: readonly Manifest[], name: string, key: string): unknown =>
  parse((one(manifests, 'ConfigMap', name)['data'] as Readonly<Record<string, string>>)[key] ?? '')

interface Rule {
  readonly alert?: string
  readonly record?: string
  readonly labels?: { readonly severity?: string }
  readonly annotations?: { readonly summary?: string; readonly action?: string }
}
interface RuleFile {
  readonly groups: readonly { readonly rules: readonly Rule[] }[]
}
interface RuleTests {
  readonly tests: readonly {
    readonly alert_rule_test?: readonly {
      readonly alertname: string
      readonly exp_alerts?: readonly object[]
    }[]
  }[]
}

const ruleFiles = readdirSync(folder('monitoring/rules'))
const alerts = ruleFiles
  .flatMap((name) => (parse(text(`rules/${name}`)) as RuleFile).groups)
  .flatMap(({ rules }) => rules.filter(({ alert }) => alert !== undefined))
const ruleTests = readdirSync(folder('monitoring/rules-tests'))
  .flatMap((name) => (parse(text(`rules-tests/${name}`)) as RuleTests).tests)
  .flatMap((one) => one.alert_rule_test ?? [])

describe('what is generated', () => {
  test.each([...generated()])('%s is what its sources say: node scripts/monitoring.ts', (path, made) => {
    expect(readFileSync(join(folder(''), path), 'utf8')).toBe(made)
  })

  test('a release applies nothing of the monitoring but Prometheus', () => {
    const released = manifestsIn('prometheus/prometheus.yaml')
    for (const { metadata } of released)
      expect(metadata.labels?.['app.kubernetes.io/name']).toBe('prometheus')
    const { data } = one(released, 'ConfigMap', 'prometheus-rules') as unknown as { readonly data: object }
    expect(Object.keys(data).sort()).toEqual(ruleFiles.sort())
  })
})

describe('the alert rules', () => {
  test('each says how bad it is, what is wrong and what to do', () => {
    for (const { alert, labels, annotations } of alerts)
      expect({ alert, ...labels, ...annotations }).toMatchObject({
        severity: expect.stringMatching(/^(critical|warning)$/),
        summary: expect.stringMatching(/.{10}/),
        action: expect.stringMatching(/.{10}/),
      })
  })

  test('each has a case where it fires and one where it is silent', () => {
    const names = alerts.map(({ alert = '' }) => alert).sort()
    const tested = (fires: boolean) => [
      ...new Set(
        ruleTests
          .filter(({ exp_alerts = [] }) => exp_alerts.length > 0 === fires)
          .map(({ alertname }) => alertname),
      ),
    ]
    expect(tested(true).sort()).toEqual(names)
    expect(tested(false).sort()).toEqual(names)
  })

  const promtool = isThere('promtool') ? test : test.skip
  promtool('pass the tests of promtool', () => {
    const files = readdirSync(folder('monitoring/rules-tests'))
    const run = () =>
      execFileSync('promtool', ['test', 'rules', ...files], {
        cwd: folder('monitoring/rules-tests'),
        encoding: 'utf8',
      })
    expect(run()).not.toContain('FAILED')
  })
})

describe('the dashboards', () => {
  const panels = boards.flatMap(panelsOf)

  test('are these five, and each panel has a title, a description and a query', () => {
    expect(boards.map(({ name }) => name)).toEqual(['overview', 'service', 'rollout', 'capacity', 'logs'])
    expect(panels.length).toBeGreaterThan(35)
    for (const { title, description, queries } of panels) {
      expect(title.length).toBeGreaterThan(2)
      expect(description.length).toBeGreaterThan(8)
      expect(queries.length).toBeGreaterThan(0)
    }
  })

  test('every recorded series that a panel asks for has a rule', () => {
    const recorded = ruleFiles
      .flatMap((name) => (parse(text(`rules/${name}`)) as RuleFile).groups)
      .flatMap(({ rules }) => rules.map(({ record }) => record))
    for (const { source, queries } of panels)
      if (source === 'prometheus')
        for (const [name] of queries.join(' ').matchAll(/\b(service|route|rollout):\w+(:\w+)?/g))
          expect(recorded).toContain(name)
  })

  test.each(
    panels
      .filter(({ source }) => source === 'loki')
      .flatMap(({ queries }) => queries.map((query) => [query])),
  )('LogQL: %s', (query) => {
    const filled = query.replaceAll(/\$\w+/g, 'x')
    const faults: number[] = []
    logql.parse(filled).iterate({
      enter: (node) => {
        if (node.type.isError) faults.push(node.from)
      },
    })
    expect(faults).toEqual([])
  })
})

describe('the monitoring of production', () => {
  test('no part of it has a password in a manifest, and every server of it wants a certificate or a login', () => {
    const web = entry(monitoring, 'alertmanager', 'web.yml')
    expect(web).toMatchObject({ tls_server_config: { client_auth_type: 'RequireAndVerifyClientCert' } })
    expect(entry(observers, 'state-metrics', 'web.yml')).toEqual(web)
    expect(entry(monitoring, 'loki', 'loki.yaml')).toMatchObject({
      server: { http_tls_config: { client_auth_type: 'RequireAndVerifyClientCert' } },
    })
    const grafana = (one(monitoring, 'ConfigMap', 'grafana')['data'] as Readonly<Record<string, string>>)[
      'grafana.ini'
    ]
    expect(grafana).toContain('protocol = https')
    expect(grafana).not.toMatch(/password|secret_key/)
    expect(grafana).toMatch(/\[auth\.anonymous\]\n *enabled = false/)
    expect(JSON.stringify([monitoring, observers])).not.toMatch(/insecure_?skip_?verify["\s:]*true/i)
  })

  test('no ConfigMap looks as if it held a secret: the check of verify would refuse it', () => {
    const maps = [...production, ...observers].filter(({ kind }) => kind === 'ConfigMap')
    expect(judgeMaps(maps as unknown as readonly ConfigMap[])).toMatchObject({ ok: true })
  })

  test('states how long it keeps what, and on which volume', () => {
    const container = (name: string) =>
      podsOf(monitoring).find((pods) => pods.name === name)?.pod.containers[0]
    expect(container('prometheus')?.args).toEqual(
      expect.arrayContaining(['--storage.tsdb.retention.time=15d', '--storage.tsdb.retention.size=8GB']),
    )
    expect(container('alertmanager')?.args).toContain('--data.retention=120h')
    expect(entry(monitoring, 'loki', 'loki.yaml')).toMatchObject({
      compactor: { retention_enabled: true },
      limits_config: { retention_period: '336h' },
    })
    const readme = readFileSync(folder('README.md'), 'utf8')
    for (const words of ['15 days', '14 days', '10 GiB']) expect(readme).toContain(words)
  })

  test('names each image with a tag that can be pinned', () => {
    for (const { pod } of podsOf([...monitoring, ...observers]))
      for (const { image } of pod.containers) expect(image).toMatch(/^[\w.]+\/[\w./-]+:v?\d+\.\d+\.\d+$/)
  })

  test('logs have the labels of the metrics: the container of a service has the name of the service', () => {
    for (const { labels, pod } of podsOf(production))
      if (labels['app.kubernetes.io/component'] === 'service')
        expect(pod.containers[0]?.name).toBe(labels['app.kubernetes.io/name'])
    const { limits_config: limits } = entry(monitoring, 'loki', 'loki.yaml') as {
      readonly limits_config: {
        readonly otlp_config: {
          readonly resource_attributes: {
            readonly attributes_config: readonly [{ readonly attributes: string[] }]
          }
        }
      }
    }
    expect(limits.otlp_config.resource_attributes.attributes_config[0].attributes).toEqual(
      expect.arrayContaining(['namespace', 'service', 'version', 'pod']),
    )
  })

  test('every inhibition and route names alerts that exist', () => {
    const config = entry(monitoring, 'alertmanager', 'alertmanager.yml') as {
      readonly inhibit_rules: readonly Readonly<Record<string, readonly string[]>>[]
    }
    const named = config.inhibit_rules
      .flatMap((rule) => [...(rule['source_matchers'] ?? []), ...(rule['target_matchers'] ?? [])])
      .flatMap((matcher) => /^alertname=~?"(.+)"$/.exec(matcher)?.[1]?.split('|') ?? [])
    const names = alerts.map(({ alert }) => alert)
    expect(named.length).toBeGreaterThan(5)
    expect(named.filter((name) => !names.includes(name))).toEqual([])
  })
})

describe('the observers', () => {
  test('read what they report and no Secret, and write nothing', () => {
    const rules = observers
      .filter(({ kind }) => kind === 'ClusterRole')
      .flatMap(({ rules }) => rules as readonly { readonly resources: string[]; readonly verbs: string[] }[])
    for (const { resources, verbs } of rules) {
      expect(resources).not.toContain('secrets')
      expect(verbs).toEqual(['list', 'watch'])
    }
    const bound = observers.filter(({ kind }) => kind === 'ClusterRoleBinding').map(({ roleRef }) => roleRef)
    expect(bound).toEqual([expect.objectContaining({ name: 'alt-las-definitions' })])
  })

  test('live outside of the environment, in a namespace that lets nothing in or out unless named', () => {
    for (const { kind, metadata } of observers)
      if (metadata.namespace !== undefined && kind !== 'RoleBinding')
        expect(metadata.namespace).toBe('atlas-production-observers')
    expect(one(observers, 'NetworkPolicy', 'deny-all').spec).toEqual({
      podSelector: {},
      policyTypes: ['Ingress', 'Egress'],
    })
  })

  test.each(podsOf(observers).map((pods) => [pods.name, pods] as const))(
    '%s drops every capability, and its file system is read-only',
    (_, { pod }) => {
      expect(pod.securityContext).toMatchObject({ seccompProfile: { type: 'RuntimeDefault' } })
      for (const { securityContext, resources } of pod.containers) {
        expect(securityContext).toMatchObject({
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ['ALL'] },
        })
        expect(resources?.limits?.['memory']).toBeDefined()
      }
    },
  )

  test('the token of the API server is with the one that asks it', () => {
    expect(podsOf(observers).map(({ name, pod }) => [name, pod.automountServiceAccountToken])).toEqual([
      ['collector', false],
      ['state-metrics', true],
    ])
  })
})

function isThere(tool: string): boolean {
  try {
    execFileSync(tool, ['--version'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}
