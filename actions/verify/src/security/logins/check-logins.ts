import { Failure } from '@alt-las/failure'
import { shared, yes, type Check, type CheckRunner } from '../../check.ts'
import { labelsOf, type Inside } from '../network/inside.ts'
import { runProbe, type ProbePorts } from '../network/probe.ts'
import { describeLogin, judgeLogin } from './judge-login.ts'
import type { Login } from './find-logins.ts'
import { loginResults, loginScript, type LoginAnswer } from './login-script.ts'

export interface LoginPorts extends ProbePorts {
  readonly checks: CheckRunner
  readonly unique: string
}

/** Tries each login from inside the cluster, with the well-known passwords alone. Without an image for the probe they are named. */
export async function checkLogins(
  { logins, probeImage }: { readonly logins: readonly Login[]; readonly probeImage: string | null },
  inside: Inside,
  ports: LoginPorts,
): Promise<readonly Check[]> {
  const sources = [...Map.groupBy(logins, ({ from }) => from)]
  const checks = sources.flatMap(([from, own], index) => {
    const answers = shared(() => trySource({ from, logins: own, index }, { ...inside, probeImage }, ports))
    return own.map((login, at) =>
      ports.checks.run('security', `default password of ${describeLogin(login)}`, async () => {
        if (probeImage === null) {
          const because = `${describeLogin(login)}: there is no \`probe-image\` to try it from inside`
          return { ...yes(`not tried: ${because}`), notChecked: [because] }
        }
        const answer = (await answers())[at]
        if (answer === undefined)
          throw new Failure('not-tried', 'the probe gave no answer', { fault: 'outside' })
        return judgeLogin(login, answer)
      }),
    )
  })
  return Promise.all(checks)
}

interface Source {
  readonly from: string | null
  readonly logins: readonly Login[]
  readonly index: number
}

async function trySource(
  { from, logins, index }: Source,
  { namespace, workloads, probeImage }: Inside & { readonly probeImage: string | null },
  ports: LoginPorts,
): Promise<readonly LoginAnswer[]> {
  const attempts = logins.map(({ kind, host, port }) => ({ kind, host, port }))
  return runProbe(
    {
      name: `verify-login-${ports.unique}-${index}`,
      namespace,
      image: probeImage ?? '',
      labels: labelsOf(from, workloads),
      script: loginScript,
      attempts,
    },
    isAnswer,
    ports,
  )
}

/** The message comes from a pod whose image is a release's: it is not believed unread. */
function isAnswer(value: unknown): value is LoginAnswer {
  if (typeof value !== 'object' || value === null) return false
  const { result, detail, user } = value as Partial<Record<keyof LoginAnswer, unknown>>
  const known = loginResults.some((one) => one === result) && typeof detail === 'string'
  return known && (user === undefined || typeof user === 'string')
}
