import { repositoryName } from '@alt-las/registry'
import {
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
  type Parsed,
  type Read,
  type Rule,
} from '@alt-las/runner'
import { credentialIn } from './practice/credential.ts'
import { entries, pairs, secretPairs, words, type Entry } from './entries.ts'
import { rules as practiceRules, type Rule as PracticeRule } from './practice/rule.ts'
import { size } from './size.ts'

export interface Waiver {
  readonly rule: PracticeRule
  readonly reason: string
}

const parsers = {
  service: optional(serviceName),
  image: required(mapped(text, repositoryName)),
  context: mapped(required(text), localPath),
  file: optional(text),
  target: optional(text),
  platforms: mapped(words, platformsOf),
  buildArgs: mapped(entries, withoutCredentials),
  buildContexts: pairs,
  labels: pairs,
  annotations: pairs,
  network: optional(text),
  pull: boolean,
  noCache: boolean,
  noCacheFilters: words,
  addHosts: list,
  ulimit: list,
  shmSize: optional(text),
  builder: optional(text),
  secrets: secretPairs,
  secretEnvs: pairs,
  secretFiles: pairs,
  cacheFrom: list,
  cacheTo: list,
  reuse: reuseOf,
  username: optional(text),
  password: optional(text),
  /** For ghcr.io, where no other credentials are given. */
  githubToken: mapped(text, unlessTemplate),
  /** Seconds since 1970; `fixed` is the same for every commit. */
  sourceDateEpoch: epoch,
  testTarget: optional(text),
  practice: choice(['enforce', 'report', 'off']),
  practiceWaivers: mapped(list, (lines) => lines.map(waiver)),
  /** Bytes of one platform's compressed layers. */
  sizeLimit: optional(size),
  attempts: integer({ min: 1, max: 10 }),
  /** ms */
  timeout: duration,
  gate: choice(['enforce', 'report']),
}

type Given = Parsed<typeof parsers>

export interface Login {
  readonly username: string
  readonly password: string
}

export type Inputs = Omit<Given, 'username' | 'password'> & {
  /** null where the docker configuration is asked. */
  readonly login: Login | null
}

const rules: readonly Rule<Given>[] = [wholeLogin, uniqueSecrets]

export function parse(read: Read): Inputs {
  const { username, password, ...given } = collect(read, parsers, rules)
  return { ...given, login: username === null || password === null ? null : { username, password } }
}

// `true` and `false` are the words of earlier versions.
function reuseOf(raw: string): 'proven' | 'off' {
  if (raw === 'proven' || raw === 'true') return 'proven'
  if (raw === 'off' || raw === 'false') return 'off'
  throw new Error(`got ${JSON.stringify(raw)}, expected proven or off`)
}

function epoch(raw: string): number | 'commit' | 'fixed' {
  if (raw === 'commit' || raw === 'fixed') return raw
  if (/^\d{1,11}$/.test(raw)) return Number(raw)
  throw new Error(`got ${JSON.stringify(raw)}, expected fixed, commit or whole seconds since 1970`)
}

// The practice rules cannot read a remote context, and its source differs from the checkout.
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
  const rule = practiceRules.find((one) => one === name.trim())
  const reason = rest.join(':').trim()
  if (rule === undefined)
    throw new Error(
      `got ${JSON.stringify(line)}, expected RULE: reason with one of ${practiceRules.join(', ')}`,
    )
  if (reason === '') throw new Error(`got ${JSON.stringify(line)}, expected a reason after the colon`)
  return { rule, reason }
}

// Started by hand, the default of action.yml is the expression itself.
function unlessTemplate(raw: string): string | null {
  return raw === '' || raw.startsWith('${{') ? null : raw
}

function wholeLogin({ username, password }: Given): string | null {
  if ((username === null) === (password === null)) return null
  return username === null ? 'username: is required with password' : 'password: is required with username'
}

function uniqueSecrets({ secrets, secretEnvs, secretFiles }: Given): readonly string[] {
  const ids = [...secrets, ...secretEnvs, ...secretFiles].map(({ key }) => key)
  const twice = new Set(ids.filter((id, index) => ids.indexOf(id) !== index))
  return [...twice].map((id) => `secrets: got the id ${id} twice among secrets, secret-envs and secret-files`)
}
