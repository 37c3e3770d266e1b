import { byStatus, isClientGone, type Backend, type Preset } from './preset.ts'
import { oneOf } from '../series/selector.ts'

type Which = 'requests' | 'errors' | 'latency'

/** The user's selectors by `requests`, `canary requests`, `stable errors` and so on. */
export type OwnQueries = ReadonlyMap<string, string>

const lines = /^(?:(canary|stable)[ -])?(requests|errors|latency)$/
const placeholders = ['namespace', 'service', 'port', 'deployment', 'pods']

/**
 * Lines `requests: <selector>`, `errors: <selector>`, `latency: <selector>`, each for both versions or for one of them (`canary requests: …`).
 * Placeholders: `{{namespace}}`, `{{service}}`, `{{port}}`, `{{deployment}}`, `{{pods}}` (a regular expression of the pods' names).
 * Throws an Error with every problem in one sentence.
 */
export function parseOwn(text: string): OwnQueries {
  const queries = new Map<string, string>()
  const problems: string[] = []
  for (const line of text.split('\n').map((one) => one.trim())) {
    if (line === '' || line.startsWith('#')) continue
    const [, key = '', value = ''] = /^([^:{]+?)\s*:\s*(.*)$/.exec(line) ?? []
    const [, arm, which = ''] = lines.exec(key) ?? []
    if (which === '')
      problems.push(
        `got the line ${JSON.stringify(line)}, expected \`requests: …\`, \`errors: …\` or \`latency: …\`, or one of them after canary or stable`,
      )
    else {
      problems.push(...wrong(value).map((problem) => `${key}: ${problem}`))
      for (const one of arm === undefined ? ['canary', 'stable'] : [arm])
        queries.set(`${one} ${which}`, value)
    }
  }
  if (problems.length === 0) problems.push(...missing(queries))
  if (problems.length > 0) throw new Error(problems.join('; '))
  return queries
}

/** Raw counters by the user's selectors. */
export function own(queries: OwnQueries): Preset {
  const of = (which: Which) => (backend: Backend) => {
    const query = queries.get(`${backend.role} ${which}`)
    return query === undefined || query === '' ? [] : [fill(query, backend)]
  }
  const latency = queries.get('canary latency') ?? ''
  return {
    name: 'own queries',
    scraped: 'the series of the queries in `metrics`',
    heartbeat: ({ canary, stable }) => [...of('requests')(stable), ...of('requests')(canary)],
    beatsWithoutTraffic: false,
    requests: of('requests'),
    errors: queries.has('canary errors') ? of('errors') : null,
    ...byStatus(({ code, status }) => code ?? status),
    isGivenUp: ({ code, status }) => isClientGone(code ?? status),
    latency: latency === '' ? null : of('latency'),
    unit: /^\w*(milliseconds|_ms)(_bucket)?\b/.test(latency) ? 0.001 : 1,
  }
}

function fill(query: string, { namespace, service, ports, deployment, pods }: Backend): string {
  const values: Readonly<Record<string, string>> = {
    namespace,
    service,
    port: ports[0] ?? '',
    deployment,
    // Without pods the selector must match nothing, not everything.
    pods: oneOf(pods.map(({ name }) => name)) || 'none',
  }
  return query.replace(/\{\{\s*(\w+)\s*\}\}/g, (_, name: string) => values[name] ?? '')
}

function wrong(query: string): readonly string[] {
  const unknown = [...query.matchAll(/\{\{\s*(\w*)\s*\}\}/g)]
    .map(([, name = '']) => name)
    .filter((name) => !placeholders.includes(name))
  const bare = query.replace(/\{\{\s*\w*\s*\}\}/g, 'x')
  const isSelector = /^[a-zA-Z_:][\w:]*(\{([^"'}]|"([^"\\]|\\.)*"|'([^'\\]|\\.)*')*\})?$/.test(bare)
  return [
    ...unknown.map(
      (name) =>
        `{{${name}}} is not a placeholder, expected ${placeholders.map((one) => `{{${one}}}`).join(', ')}`,
    ),
    ...(isSelector
      ? []
      : [
          `got ${JSON.stringify(query)}, expected a selector such as http_requests_total{service="{{service}}"}: raw counters are read, without rate(), sum() or a range`,
        ]),
  ]
}

function missing(queries: OwnQueries): readonly string[] {
  const has = (name: string) => queries.has(name)
  const lacks = ['canary requests', 'stable requests'].filter((name) => !has(name))
  const uneven = (['errors', 'latency'] as const).filter(
    (which) => has(`canary ${which}`) !== has(`stable ${which}`),
  )
  const same = queries.get('canary requests') === queries.get('stable requests')
  return [
    ...lacks.map((name) => `${name}: is missing`),
    ...uneven.map((which) => `${which}: given for one version only, expected both`),
    ...(same &&
    lacks.length === 0 &&
    !/\{\{\s*(service|deployment|pods)\s*\}\}/.test(queries.get('canary requests') ?? '')
      ? [
          'requests: got no {{service}}, {{deployment}} or {{pods}} to distinguish the versions, expected one of them, or a line for each version',
        ]
      : []),
  ]
}
