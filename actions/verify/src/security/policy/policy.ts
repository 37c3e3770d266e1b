import * as z from 'zod/mini'

// What a team may ask for beside the defaults. Every part is optional: without a file all checks run.

const described = (text: string) => z.describe(text)

const days = z.number().check(z.gte(0), z.lte(3650))
const right = z
  .string()
  .check(
    z.regex(/^[a-z*]+ [a-z*]+(\/[a-z]+)?(\.[a-z0-9.-]+)?$/),
    described(
      'A verb and a resource, as RBAC writes them: `list pods`, `create pods/exec`, `patch deployments.apps`.',
    ),
  )

const tls = z.strictObject({
  'min-version': z.optional(
    z
      .enum(['TLSv1.2', 'TLSv1.3'])
      .check(described('The oldest version that the server may accept. Default: TLSv1.2.')),
  ),
  'forward-secrecy': z.optional(
    z
      .boolean()
      .check(
        described('Refuse cipher suites without forward secrecy; otherwise they are named. Default: false.'),
      ),
  ),
  'hsts-days': z.optional(
    days.check(
      described('Days of Strict-Transport-Security at least; 0: the header is not expected. Default: 180.'),
    ),
  ),
})

const login = z.strictObject({
  kind: z.enum(['grafana', 'prometheus', 'postgresql']),
  address: z
    .string()
    .check(
      z.regex(/^[a-zA-Z0-9][a-zA-Z0-9.-]*:\d{1,5}$/),
      described('`host:port`, as a pod of the namespace would write it.'),
    ),
  from: z.optional(
    z
      .string()
      .check(
        described('The workload whose labels the pod carries that tries. Default: a pod without labels.'),
      ),
  ),
})

export const policySchema = z.strictObject({
  tls: z.optional(tls),
  headers: z.optional(
    z
      .record(z.string(), z.union([z.boolean(), z.string()]))
      .check(
        described(
          'Headers of the answers of `url`. `true`: must be there. `false`: must not. A text: must be part of the value.',
        ),
      ),
  ),
  rights: z.optional(
    z
      .record(z.string(), z.array(right))
      .check(
        described('Rights that a ServiceAccount may hold, by its name. Default: none that is asked for.'),
      ),
  ),
  'deployer-rights': z.optional(
    z
      .array(right)
      .check(
        described(
          'Rights beyond a release that the caller of this step may hold. Default: none that is asked for.',
        ),
      ),
  ),
  logins: z.optional(
    z
      .array(login)
      .check(
        z.maxLength(20),
        described('Logins to try with well-known passwords, beside those that are found.'),
      ),
  ),
  'log-lines': z.optional(
    z
      .number()
      .check(
        z.gte(0),
        z.lte(10_000),
        described('Lines of each log that are searched for secrets. Default: 1000; 0: none.'),
      ),
  ),
})

/** As the file has it. */
export type PolicyFile = z.infer<typeof policySchema>

/** The JSON schema of the file, for editors. */
export function policyJsonSchema(): object {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Security policy of verify',
    ...z.toJSONSchema(policySchema, { io: 'input' }),
  }
}
