import { noOutside, yes, type CheckFinding } from '../../check.ts'
import type { Login } from './find-logins.ts'
import type { LoginAnswer, LoginKind } from './login-script.ts'

const names = {
  grafana: 'Grafana',
  prometheus: 'Prometheus',
  postgresql: 'PostgreSQL',
} as const satisfies Record<LoginKind, string>

export function describeLogin({ kind, host, port }: Login): string {
  return `${names[kind]} at ${host}:${port}`
}

/** A well-known password, or none at all, is refused. Prometheus has no login of its own: without one it is named. */
export function judgeLogin(login: Login, answer: LoginAnswer): CheckFinding {
  const where = describeLogin(login)
  const by = `tried from ${login.from ?? 'a pod without labels'}`
  switch (answer.result) {
    case 'accepted':
      return noOutside(
        `${where} accepts a well-known password for the user ${answer.user ?? 'of a well-known name'}`,
        'change the password, and who has seen the data since then',
      )
    case 'open':
      if (login.kind === 'prometheus')
        return yes(`${where} asks for no login: whoever the network policies let through can read it (${by})`)
      return noOutside(`${where} lets anyone in: ${answer.detail}`, 'require a password for every connection')
    case 'refused':
      return yes(`${where}: ${answer.detail} (${by})`)
    case 'unreachable':
      return unknown(
        `${where}: no connection from ${login.from ?? 'a pod without labels'} (${answer.detail})`,
      )
    case 'unclear':
      return unknown(`${where}: ${answer.detail} (${by})`)
  }
}

function unknown(because: string): CheckFinding {
  return { ...yes(`not tried: ${because}`), notChecked: [because] }
}
