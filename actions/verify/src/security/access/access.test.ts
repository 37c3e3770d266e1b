import { describe, expect, test } from '@jest/globals'
import { Failure } from '@alt-las/failure'
import type { AccessReviews, Permission } from '@alt-las/kubernetes'
import { pod } from '../../testing/objects.ts'
import { judgeAccounts } from './judge-accounts.ts'
import { judgeAnonymous } from './judge-anonymous.ts'
import { judgeDeployer } from './judge-deployer.ts'
import { permissionOf } from './rights.ts'

const withAccount = (serviceAccountName: string) => pod({ spec: { ...pod().spec, serviceAccountName } })
type Asked = Pick<Permission, 'verb' | 'group' | 'resource'>
const isOf = (rights: readonly string[]) => (one: Asked) =>
  rights.some((right) => JSON.stringify(permissionOf(right)) === JSON.stringify(pick(one)))
const pick = ({ verb, group, resource }: Asked) => ({ verb, group, resource })

describe('the rights of the ServiceAccounts', () => {
  const access = (held: Readonly<Record<string, readonly string[]>>): AccessReviews => ({
    heldBy: ({ name }, asked) => Promise.resolve(asked.filter(isOf(held[name] ?? []))),
    withoutCredentials: () => Promise.resolve(403),
  })
  const plan = { namespace: 'shop', pods: [withAccount('web'), withAccount('agent'), pod()], allowed: {} }

  test('pass where no account of a running pod holds one of the list', async () => {
    const found = await judgeAccounts(plan, { access: access({ other: ['list secrets'] }) })
    expect(found.because).toMatch(/^3 ServiceAccounts hold none of \d+ rights: agent, default, web$/)
  })

  test('are refused by name, and not as a fault of the service', async () => {
    const found = await judgeAccounts(plan, { access: access({ web: ['list secrets', 'create pods/exec'] }) })
    expect(found).toMatchObject({ ok: false, cause: 'outside' })
    expect(found.because).toBe('the ServiceAccount web may list secrets, create pods/exec')
  })

  test('are everything where the account is bound to everything', async () => {
    const found = await judgeAccounts(plan, { access: access({ web: ['* *.*', 'list secrets'] }) })
    expect(found.because).toBe('the ServiceAccount web may everything')
  })

  test('that the policy allows are no finding', async () => {
    const held = access({ agent: ['list pods'] })
    const found = await judgeAccounts({ ...plan, allowed: { agent: ['list pods'] } }, { access: held })
    expect(found.ok).toBe(true)
    expect((await judgeAccounts(plan, { access: held })).ok).toBe(false)
  })

  test('that the caller may not ask for are named as not checked', async () => {
    const heldBy = () => Promise.reject(new Failure('forbidden', 'no', { fault: 'input' }))
    const found = await judgeAccounts(plan, { access: { ...access({}), heldBy } })
    expect(found.notChecked).toEqual([
      'rights of agent, default, web: the deployer may not create localsubjectaccessreviews.authorization.k8s.io',
    ])
  })
})

describe('the rights of the deployer', () => {
  const cluster = (inside: readonly string[], everywhere: readonly string[] = []) => ({
    may: (asked: readonly Permission[]) =>
      Promise.resolve(
        asked
          .filter((one) => !isOf(one.namespace === undefined ? everywhere : inside)(one))
          .map((one) => ({ ...one, because: 'no rule grants it' })),
      ),
  })
  const judged = (given: ReturnType<typeof cluster>, allowed: readonly string[] = []) =>
    judgeDeployer({ namespace: 'shop', allowed }, { cluster: given })

  test('pass where it holds what a release needs', async () => {
    await expect(judged(cluster([]))).resolves.toMatchObject({ ok: true })
  })

  test('are refused where they go beyond, in the namespace or in the cluster', async () => {
    const found = await judged(cluster(['list secrets'], ['delete namespaces']))
    expect(found).toMatchObject({ ok: false, cause: 'outside' })
    expect(found.because).toBe(
      'the deployer may delete namespaces in the whole cluster, and list secrets in shop',
    )
    expect(found.remedy).toContain('kubernetes/deployer')
  })

  test('that the policy allows are no finding', async () => {
    await expect(judged(cluster(['list secrets']), ['list secrets'])).resolves.toMatchObject({ ok: true })
  })
})

describe('a request without credentials', () => {
  const judged = (statusOf: (path: string) => number) =>
    judgeAnonymous('shop', {
      access: {
        heldBy: () => Promise.resolve([]),
        withoutCredentials: (path) => Promise.resolve(statusOf(path)),
      },
    })

  test.each([401, 403])('that the API server refuses by %s passes', async (status) => {
    await expect(judged(() => status)).resolves.toMatchObject({ ok: true })
  })

  test('that lists anything is refused by name', async () => {
    const found = await judged((path) => (path.includes('/secrets') ? 200 : 403))
    expect(found.because).toBe('anyone without credentials may list secrets')
  })

  test('with any other answer proves nothing', async () => {
    await expect(judged(() => 503)).rejects.toMatchObject({ code: 'unavailable' })
  })
})
