import { repositoryName } from '@alt-las/registry'
import {
  badInputs,
  boolean,
  choice,
  collect,
  duration,
  integer,
  list,
  mapped,
  optional,
  required,
  serviceName,
  text,
  type Parser,
  type Read,
} from '@alt-las/runner'
import { credentialIn } from './practice/credential.ts'
import { entries, pairs, secretPairs, words, type Entry } from './entries.ts'
import { rules, type Rule } from './practice/rule.ts'
import { size } from './size.ts'

type Pair = Entry & { readonly value: string }

export interface Inputs {
  /** Whose step this is; null = by the names of the other inputs. */
  readonly service: string | null
  readonly image: ReturnType<typeof repositoryName>
  readonly context: string
  readonly file: string
  readonly target: string
  readonly platforms: readonly string[]
  readonly buildArgs: readonly Entry[]
  readonly buildContexts: readonly Pair[]
  readonly labels: readonly Pair[]
  readonly annotations: readonly Pair[]
  readonly network: string
  readonly pull: boolean
  readonly noCache: boolean
  readonly noCacheFilters: readonly string[]
  readonly addHosts: readonly string[]
  readonly ulimit: readonly string[]
  readonly shmSize: string
  readonly builder: string
  readonly secrets: readonly Pair[]
  readonly secretEnvs: readonly Pair[]
  readonly secretFiles: readonly Pair[]
  readonly cacheFrom: readonly string[]
  readonly cacheTo: readonly string[]
  readonly reuse: 'proven' | 'off'
  readonly username: string
  readonly password: string
  /** For ghcr.io, where nothing else is known. */
  readonly githubToken: string
  /** Seconds since 1970; `fixed` is the same for every commit. */
  readonly sourceDateEpoch: number | 'commit' | 'fixed'
  readonly testTarget: string
  readonly practice: 'enforce' | 'report' | 'off'
  readonly practiceWaivers: readonly Waiver[]
  /** Bytes of one platform's compressed layers. */
  readonly sizeLimit: number | null
  readonly attempts: number
  /** ms */
  readonly timeout: number
  readonly gate: 'enforce' | 'report'
}

export interface Waiver {
  readonly rule: Rule
  readonly reason: string
}

export function parse(read: Read): Inputs {
  const inputs = collect<Inputs>(read, {
    service: optional(serviceName),
    image: required(mapped(text, repositoryName)),
    context: mapped(required(text), localPath),
    file: text,
    target: text,
    platforms: mapped(words, platformsOf),
    buildArgs: mapped(entries, withoutCredentials),
    buildContexts: pairs,
    labels: pairs,
    annotations: pairs,
    network: text,
    pull: boolean,
    noCache: boolean,
    noCacheFilters: words,
    addHosts: list,
    ulimit: list,
    shmSize: text,
    builder: text,
    secrets: secretPairs,
    secretEnvs: pairs,
    secretFiles: pairs,
    cacheFrom: list,
    cacheTo: list,
    reuse: mapped(text, reuseOf),
    username: text,
    password: text,
    githubToken: mapped(text, unlessTemplate),
    sourceDateEpoch: epoch,
    testTarget: text,
    practice: choice(['enforce', 'report', 'off']),
    practiceWaivers: mapped(list, (lines) => lines.map(waiver)),
    sizeLimit: optional(size),
    attempts: integer({ min: 1, max: 10 }),
    timeout: duration,
    gate: choice(['enforce', 'report']),
  })
  const problems = [...repeatedSecrets(inputs), ...halfCredentials(inputs)]
  if (problems.length > 0) throw badInputs(problems)
  return inputs
}

// `true` and `false` are the words of earlier versions.
function reuseOf(raw: string): Inputs['reuse'] {
  if (raw === 'proven' || raw === 'true') return 'proven'
  if (raw === 'off' || raw === 'false') return 'off'
  throw new Error(`got ${JSON.stringify(raw)}, expected proven or off`)
}

const epoch: Parser<Inputs['sourceDateEpoch']> = (raw) => {
  if (raw === 'commit' || raw === 'fixed') return raw
  if (/^\d{1,11}$/.test(raw)) return Number(raw)
  throw new Error(`got ${JSON.stringify(raw)}, expected fixed, commit or whole seconds since 1970`)
}

// A remote context cannot be read for the practice rules, and is another source than the one that was checked out.
function localPath(context: string): string {
  if (/^(?:[a-z]+:\/\/|git@|\{\{)/i.test(context))
    throw new Error(
      `got ${JSON.stringify(context)}, expected a directory of the checkout; check the source out first`,
    )
  return context
}

function platformsOf(given: readonly string[]): readonly string[] {
  const bad = given.find((one) => !/^[a-z0-9]+\/[a-z0-9]+(?:\/[a-z0-9.]+)?$/.test(one))
  if (bad !== undefined) throw new Error(`got ${JSON.stringify(bad)}, expected platforms such as linux/amd64`)
  return [...new Set(given)]
}

function withoutCredentials(args: readonly Entry[]): readonly Entry[] {
  const found = args.flatMap(({ key, value }) => credentialIn(key, value) ?? [])
  if (found.length > 0)
    throw new Error(
      `${found.join('; ')}: build arguments stay readable in the image's history; pass it by secrets and RUN --mount=type=secret`,
    )
  return args
}

function waiver(line: string): Waiver {
  const [name = '', ...rest] = line.split(':')
  const rule = rules.find((one) => one === name.trim())
  const reason = rest.join(':').trim()
  if (rule === undefined)
    throw new Error(`got ${JSON.stringify(line)}, expected RULE: reason with one of ${rules.join(', ')}`)
  if (reason === '') throw new Error(`got ${JSON.stringify(line)}, expected a reason after the colon`)
  return { rule, reason }
}

// Started by hand, the default of action.yml is the expression itself.
function unlessTemplate(raw: string): string {
  return raw.startsWith('${{') ? '' : raw
}

function halfCredentials({ username, password }: Inputs): readonly string[] {
  if ((username === '') === (password === '')) return []
  return [username === '' ? 'username: is required with password' : 'password: is required with username']
}

function repeatedSecrets(inputs: Inputs): readonly string[] {
  const ids = [...inputs.secrets, ...inputs.secretEnvs, ...inputs.secretFiles].map(({ key }) => key)
  const twice = new Set(ids.filter((id, index) => ids.indexOf(id) !== index))
  return [...twice].map((id) => `secrets: got the id ${id} twice among secrets, secret-envs and secret-files`)
}
