import type { Sent } from '@alt-las/rollout'

export const nothingSent: Sent = { sent: 0, failed: 0, answers: {} }

/** One sentence for the log and the summary, with a hint if hardly any request can have reached the service. */
export function describeSent({ sent, answers }: Sent): string {
  if (sent === 0) return 'no synthetic request was sent'
  const kinds = Object.entries(answers).toSorted(([one], [other]) => one.localeCompare(other))
  const list = kinds.map(([kind, count]) => `${kind} ${count}`).join(', ')
  const counted = `${sent === 1 ? '1 synthetic request was' : `${sent} synthetic requests were`} sent through the gateway: ${list || 'none was answered'}`
  const [most, count] = kinds.toSorted(([, one], [, other]) => other - one)[0] ?? ['', 0]
  const hint = count * 2 > sent ? hints[most] : undefined
  return hint === undefined ? counted : `${counted}; ${hint}`
}

const hints: Readonly<Record<string, string>> = {
  '3xx': 'redirects are not followed: give the address that they lead to',
  '4xx': 'is the path right?',
  'no answer': 'can the runner reach the gateway?',
}
